import { samplesOf } from "../measure/evidence.ts";
import { known, unreadColumn } from "../measure/unread.ts";
import { type Sockets, unmet } from "../measure/sockets.ts";
import type { View } from "../model/expectation.ts";
import type { Experiment, FailureMode } from "../model/experiment.ts";
import type { SocketExample, SocketGroup } from "../model/sample.ts";
import type { Finding } from "../model/verdict.ts";
import { type AdviceHere, adviceOn } from "./advice.ts";
import type { Examination } from "./examine.ts";
import { type Asked, examinedAmong, type Role } from "./asked.ts";
import { belongsToNamespace, type Judged, Judging } from "./judged.ts";
import { type Cause, ranked, type Shown } from "./ranking.ts";
import type { Subject } from "../model/subject.ts";
import { type Surroundings, surroundingsOf } from "./surroundings.ts";
import { type ThreadsHere, threadsOn } from "./thread-evidence.ts";

/** A failure mode that a subject shows. */
export interface Diagnosed {
  mode: FailureMode;
  subject: Subject;
  /** The mode on the same subject that explains this one, which stands behind it; null where none does. */
  cause: Cause | null;
  role: Role;
  /** The findings of the symptom's parts, all confirmed. */
  findings: Finding[];
  /** The sockets of the last look that the symptom is about: how many, which processes hold them, and one of them. */
  sockets: { count: number; pids: number[]; example: ExampleSocket | null };
  /** What the threads do that do not take what stands; null where that explains nothing, or was not read. */
  threads: ThreadsHere | null;
  /** How sure it is, what else it could be, and what to do about it. */
  advice: AdviceHere;
}

interface Seen extends Shown {
  findings: Finding[];
  advice: AdviceHere;
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
  /** What was examined: the asked subjects, and who meets them on this host. */
  examined: { subject: Subject; role: Role }[];
  surroundings: Surroundings;
  /** Causes before their consequences, which stand behind them; among others, the most specific first. */
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

/** Judges the symptoms of the catalogue on what was examined. Its facts are what a finding can be mistaken for. */
export function diagnose(
  experiments: readonly Experiment[],
  examination: Examination,
  asked: Asked,
): Diagnosis {
  const modes = experiments.filter((one): one is FailureMode => one.kind === "failure-mode");
  const { patients, whole, lack } = examination;
  const all = examinedAmong(patients, asked);
  const seen: Seen[] = [];
  const undecided: Diagnosis["undecided"] = [];
  const notRefuted = new Set<FailureMode>();
  const visible = modes.filter((mode) => mode.visible?.as !== "no");
  const [ofNamespace, ofSubject] = [true, false].map((is) =>
    visible.filter((mode) => belongsToNamespace(mode) === is),
  ) as [FailureMode[], FailureMode[]];
  // Without anybody who was asked about there is nothing to say about the namespace either.
  const namespaces = !all.some(({ role }) => role === "asked")
    ? []
    : [{ patient: whole, role: "asked" as const, judged: ofNamespace }];
  // Subject by subject: what is made to judge one of them is not kept for the next. What is said goes by the catalogue.
  const byMode = (a: { mode: FailureMode }, b: { mode: FailureMode }): number =>
    visible.indexOf(a.mode) - visible.indexOf(b.mode);
  for (const { patient, role, judged } of [
    ...all.map((one) => ({ ...one, judged: ofSubject })),
    ...namespaces,
  ]) {
    const { subject, view } = patient;
    const judging = new Judging(patient, lack);
    for (const mode of judged) {
      const { outcome, findings, ...why } = judging.of(mode);
      if (outcome !== "refuted") notRefuted.add(mode);
      if (outcome === "confirmed") {
        seen.push({ mode, subject, role, findings, advice: adviceOn(mode, judging, experiments), view });
      }
      // What would only be a remark can stay open.
      if (outcome === "inconclusive" && role === "asked" && mode.visible === undefined) {
        undecided.push({ mode, subject, ...why });
      }
    }
  }
  return {
    asked,
    examined: all.map(({ patient: { subject }, role }) => ({ subject, role })),
    surroundings: surroundingsOf(
      all.map(({ patient: { view } }) => view),
      whole.view,
      experiments,
    ),
    found: inOrder(seen.filter(({ mode }) => mode.visible === undefined).toSorted(byMode)),
    remarks: inOrder(seen.filter(({ mode }) => mode.visible !== undefined).toSorted(byMode)),
    undecided: undecided.toSorted((a, b) => b.fit - a.fit || byMode(a, b)),
    ruledOut: visible.filter((mode) => !notRefuted.has(mode)),
    invisible: modes.filter((mode) => mode.visible?.as === "no"),
  };
}

/** Whether some process has what was asked about. What is left of a port's connections is nobody, and never healthy. */
export function isAnybodyThere({ examined }: Diagnosis): boolean {
  return examined.some(({ subject, role }) => {
    if (role !== "asked") return false;
    return subject.kind === "family" || (subject.kind === "remains" && subject.isHeld);
  });
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

function inOrder(seen: Seen[]): Diagnosed[] {
  return ranked(seen).map(({ one: { view, ...rest }, cause }) => {
    const sockets = socketsOf(rest.mode, view);
    return { ...rest, sockets, threads: threadsOn(rest.mode, view, sockets.pids), cause };
  });
}
