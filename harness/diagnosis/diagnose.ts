import { samplesOf } from "../measure/evidence.ts";
import { type Sockets, unmet } from "../measure/sockets.ts";
import type { View } from "../model/expectation.ts";
import type { FailureMode } from "../model/experiment.ts";
import type { SocketExample, SocketGroup } from "../model/sample.ts";
import type { Finding } from "../model/verdict.ts";
import { judge } from "../verdict/judge.ts";
import type { Examination, Patient } from "./examine.ts";
import type { Subject } from "./subject.ts";

/** Which subjects were asked about; all of the namespace when neither is set. */
export interface Asked {
  port: number | null;
  pid: number | null;
}

/** A failure mode that a subject shows. */
export interface Diagnosed {
  mode: FailureMode;
  subject: Subject;
  /** Whether the subject is not what was asked about, but the other end of one of its connections. */
  isOtherEnd: boolean;
  /** The findings of the symptom's parts, all confirmed. */
  findings: Finding[];
  /** The sockets of the last look that the symptom is about: how many, which processes hold them, and one of them. */
  sockets: { count: number; pids: number[]; example: ExampleSocket | null };
}

export interface ExampleSocket extends SocketExample {
  state: SocketGroup["state"];
}

export interface Diagnosis {
  asked: Asked;
  /** What was examined: the asked subjects, and the other ends of their connections on this host. */
  examined: { subject: Subject; isOtherEnd: boolean }[];
  /** The most specific first. */
  found: Diagnosed[];
  /** The failure modes that could not be judged on an asked subject, and why. */
  undecided: { mode: FailureMode; subject: Subject; because: string }[];
  /** The failure modes whose symptoms are refuted on all that was examined. */
  ruledOut: FailureMode[];
}

/** Judges the symptoms of the catalogue on what was examined. */
export function diagnose(modes: readonly FailureMode[], { patients }: Examination, asked: Asked): Diagnosis {
  const own = patients.filter((patient) => isAsked(patient, asked));
  const others = asked.port === null && asked.pid === null ? [] : otherEnds(patients, own);
  const found: Diagnosed[] = [];
  const undecided: Diagnosis["undecided"] = [];
  for (const { patient, isOtherEnd } of [
    ...own.map((patient) => ({ patient, isOtherEnd: false })),
    ...others.map((patient) => ({ patient, isOtherEnd: true })),
  ]) {
    const { subject, view } = patient;
    for (const mode of modes) {
      const { outcome, findings } = judge(mode.symptom, view);
      if (outcome === "confirmed") {
        found.push({ mode, subject, isOtherEnd, findings, sockets: socketsOf(mode, view) });
      }
      const open = findings.find((finding) => finding.outcome === "inconclusive");
      if (outcome === "inconclusive" && open !== undefined && !isOtherEnd) {
        undecided.push({ mode, subject, because: open.observed });
      }
    }
  }
  const isLeft = (mode: FailureMode): boolean => ![...found, ...undecided].some((one) => one.mode === mode);
  return {
    asked,
    examined: [...own, ...others].map(({ subject }, nth) => ({ subject, isOtherEnd: nth >= own.length })),
    found: ranked(found),
    undecided,
    ruledOut: modes.filter(isLeft),
  };
}

function isAsked({ subject, view }: Patient, { port, pid }: Asked): boolean {
  if (pid !== null) return subject.kind === "family" && subject.pids.includes(pid);
  if (port === null) return true;
  if (subject.kind === "remains") return subject.port === port;
  return subject.ports.includes(port) || portsOf(view, "listener").has(port);
}

/** The subjects on this host at the other end of a connection of `own`, as far as its service listens on this host. */
function otherEnds(patients: Patient[], own: Patient[]): Patient[] {
  const listened = new Set(own.flatMap(({ view }) => [...portsOf(view, "listener")]));
  const used = new Set(own.flatMap(({ view }) => [...portsOf(view, "connector")]));
  const meets = (ports: ReadonlySet<number>, others: ReadonlySet<number>): boolean =>
    [...ports].some((port) => others.has(port));
  return patients
    .filter((patient) => !own.includes(patient))
    .map((patient) => onlyPorts(patient, listened, used))
    .filter(
      ({ view }) => meets(portsOf(view, "connector"), listened) || meets(portsOf(view, "listener"), used),
    );
}

/** A patient with only the connections that lead to the asked ones: an accusation must be about these. */
function onlyPorts(
  { subject, view }: Patient,
  asConnector: ReadonlySet<number>,
  asListener: ReadonlySet<number>,
): Patient {
  const samples = view.samples.map((sample) => {
    if (sample.kind === "listeners") {
      return { ...sample, listeners: sample.listeners.filter(({ port }) => asListener.has(port)) };
    }
    if (sample.kind !== "sockets") return sample;
    const groups = sample.groups.filter(({ side, port }) =>
      (side === "connector" ? asConnector : asListener).has(port),
    );
    return { ...sample, groups };
  });
  return { subject, view: { ...view, samples } };
}

function portsOf(view: View, side: SocketGroup["side"]): Set<number> {
  const groups = samplesOf(view, "sockets").at(-1)?.groups ?? [];
  return new Set(groups.filter((group) => group.side === side).map(({ port }) => port));
}

/** The sockets of the last look that meet the first condition on sockets of the symptom. */
function socketsOf({ symptom }: FailureMode, view: View): Diagnosed["sockets"] {
  const which = symptom.flatMap(({ given }) => (given?.["sockets"] as Sockets | undefined) ?? []).at(0);
  const last = samplesOf(view, "sockets").at(-1);
  const groups = (last?.groups ?? []).filter(
    (group) => which !== undefined && unmet(view.host, group, which).length === 0,
  );
  const examples = groups.flatMap(({ examples: rows, state }) => rows.map((row) => ({ ...row, state })));
  return {
    count: groups.reduce((sum, { count }) => sum + count, 0),
    pids: [...new Set(examples.flatMap(({ pids }) => pids))].toSorted((a, b) => a - b),
    example: examples[0] ?? null,
  };
}

/**
 * What was asked about comes first. A mode that is declared to overlap with another one is the more general of the two, and comes after
 * it. Among others, the symptom with more parts comes first.
 */
function ranked(found: Diagnosed[]): Diagnosed[] {
  const isMoreGeneral = (one: Diagnosed, other: Diagnosed): boolean =>
    Object.keys(one.mode.overlaps).some((recording) => recording.startsWith(`${other.mode.id}/`));
  return found.toSorted((a, b) => {
    if (a.isOtherEnd !== b.isOtherEnd) return a.isOtherEnd ? 1 : -1;
    if (a.subject === b.subject && isMoreGeneral(a, b) !== isMoreGeneral(b, a))
      return isMoreGeneral(a, b) ? 1 : -1;
    return b.mode.symptom.length - a.mode.symptom.length;
  });
}
