import { samplesOf } from "../measure/evidence.ts";
import { known, unreadColumn } from "../measure/unread.ts";
import { type Sockets, unmet } from "../measure/sockets.ts";
import type { View } from "../model/expectation.ts";
import type { FailureMode } from "../model/experiment.ts";
import type { SocketExample, SocketGroup } from "../model/sample.ts";
import type { Finding } from "../model/verdict.ts";
import type { Examination } from "./examine.ts";
import { type Asked, isAsked, otherEnds } from "./asked.ts";
import { belongsToNamespace, judgeOn, type Judged } from "./judged.ts";
import type { Subject } from "./subject.ts";

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

/** A failure mode that could not be judged on a subject. */
export interface Undecided extends Pick<Judged, "because" | "lacks" | "fit"> {
  mode: FailureMode;
  subject: Subject;
}

/** As far as it was read. */
export interface ExampleSocket extends Partial<SocketExample> {
  state: SocketGroup["state"];
}

export interface Diagnosis {
  asked: Asked;
  /** What was examined: the asked subjects, and the other ends of their connections on this host. */
  examined: { subject: Subject; isOtherEnd: boolean }[];
  /** The most specific first. */
  found: Diagnosed[];
  /** Symptoms that are seen and that a healthy program can show, too. They accuse nobody. */
  remarks: Diagnosed[];
  /** The failure modes that could not be judged on an asked subject, and why. */
  undecided: Undecided[];
  /** The failure modes whose symptoms are refuted on all that was examined. */
  ruledOut: FailureMode[];
  /** The failure modes that nothing on one host shows. */
  invisible: FailureMode[];
}

/** Judges the symptoms of the catalogue on what was examined. */
export function diagnose(modes: readonly FailureMode[], examination: Examination, asked: Asked): Diagnosis {
  const { patients, whole } = examination;
  const own = patients.filter((patient) => isAsked(patient, asked));
  const others = asked.port === null && asked.pid === null ? [] : otherEnds(patients, own);
  const all = [
    ...own.map((patient) => ({ patient, isOtherEnd: false })),
    ...others.map((patient) => ({ patient, isOtherEnd: true })),
  ];
  const seen: Diagnosed[] = [];
  const undecided: Diagnosis["undecided"] = [];
  const visible = modes.filter((mode) => mode.visible?.as !== "no");
  for (const mode of visible) {
    // Without anybody who was asked about there is nothing to say about the namespace either.
    const whom = belongsToNamespace(mode)
      ? own.length === 0
        ? []
        : [{ patient: whole, isOtherEnd: false }]
      : all;
    for (const { patient, isOtherEnd } of whom) {
      const { subject, view } = patient;
      const { outcome, findings, ...why } = judgeOn(mode, patient);
      if (outcome === "confirmed") {
        seen.push({ mode, subject, isOtherEnd, findings, sockets: socketsOf(mode, view) });
      }
      // What would only be a remark can stay open.
      if (outcome === "inconclusive" && !isOtherEnd && mode.visible === undefined) {
        undecided.push({ mode, subject, ...why });
      }
    }
  }
  const isLeft = (mode: FailureMode): boolean => ![...seen, ...undecided].some((one) => one.mode === mode);
  return {
    asked,
    examined: all.map(({ patient: { subject }, isOtherEnd }) => ({ subject, isOtherEnd })),
    found: ranked(seen.filter(({ mode }) => mode.visible === undefined)),
    remarks: ranked(seen.filter(({ mode }) => mode.visible !== undefined)),
    undecided: undecided.toSorted((a, b) => b.fit - a.fit),
    ruledOut: visible.filter(isLeft),
    invisible: modes.filter((mode) => mode.visible?.as === "no"),
  };
}

/** The sockets of the last look that meet the first condition on sockets of the symptom. */
function socketsOf({ symptom }: FailureMode, view: View): Diagnosed["sockets"] {
  const which = symptom.flatMap(({ given }) => (given?.["sockets"] as Sockets | undefined) ?? []).at(0);
  const last = samplesOf(view, "sockets").at(-1);
  const groups = (last?.groups ?? []).filter(
    (group) =>
      which !== undefined &&
      unmet(view.host, group, which).every((condition) => unreadColumn(group, condition)),
  );
  const examples = groups.flatMap(({ examples: rows, state }) =>
    rows.map((row) => ({ ...known(row), state })),
  );
  return {
    count: groups.reduce((sum, { count }) => sum + count, 0),
    pids: [...new Set(examples.flatMap(({ pids = [] }) => pids))].toSorted((a, b) => a - b),
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
