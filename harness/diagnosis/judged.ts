import { samplesOf } from "../measure/evidence.ts";
import { unreadColumn, withValue } from "../measure/unread.ts";
import type { View } from "../model/expectation.ts";
import type { FailureMode } from "../model/experiment.ts";
import type { SocketGroup } from "../model/sample.ts";
import type { Owner } from "../model/state.ts";
import type { Finding, Outcome, Verdict } from "../model/verdict.ts";
import { judge } from "../verdict/judge.ts";
import type { Reading } from "./examine.ts";
import { fitOf } from "./saved/fitting.ts";

/** What could be the owner of a socket whose holder is not visible. */
const COULD_BE = ["listener", "process", "shared"] as const satisfies Owner[];

/** A symptom's outcome on one subject. `because` says why it is inconclusive. */
export interface Judged {
  outcome: Outcome;
  findings: Finding[];
  because: string;
  /** What was not read, and would decide it: kinds of samples, columns of a dump, and `looks` for another look. */
  lacks: readonly string[];
  /** Where it is inconclusive: the share of its parts for which something speaks, if nothing speaks against it. Only for few looks. */
  fit: number;
}

/** Whether a symptom is about the namespace as a whole: counters decide it, and no socket or listener. */
export function belongsToNamespace({ symptom }: FailureMode): boolean {
  const needs = new Set(symptom.flatMap((part) => part.needs));
  return needs.has("counters") && !needs.has("sockets") && !needs.has("listeners");
}

/** The pids that stand for processes that are not visible. No process has them. */
const STAND_INS = [-1, -2];

/**
 * Judges a mode's symptom on what was read of a subject. `lack`: why the looks may have missed something; null if they have not. Where there
 * were few looks, the outcome must not depend on what happened between them, or after the last one.
 */
export function judgeOn(mode: FailureMode, reading: Reading, lack: string | null): Judged {
  const judged = judgeLooks(mode.symptom, reading);
  return lack === null ? judged : tempered(judged, mode, lack);
}

/**
 * What is left of an outcome when looks are missing, as in a starved trial (harness/verdict/starved.ts): they could have shown a symptom that
 * was not seen, and refuted what is said of every look.
 */
function tempered(judged: Judged, { symptom }: FailureMode, lack: string): Judged {
  const { outcome, findings } = judged;
  const open = { ...judged, outcome: "inconclusive", lacks: ["looks"] } as const;
  if (outcome === "refuted") return { ...open, because: lack };
  const nth = symptom.findIndex(({ ofEveryLook }) => ofEveryLook !== undefined);
  if (outcome === "inconclusive" || nth === -1) return judged;
  return { ...open, because: `${findings[nth]?.observed ?? ""}; but ${lack}` };
}

/** Judges a symptom on few looks: as they are, with only what lasted between them, and with the last one going on. */
function judgeLooks(symptom: FailureMode["symptom"], { view, others = [], missing = [] }: Reading): Judged {
  const judged = judgeView(symptom, view);
  const elsewhere = others.map((other) => judgeView(symptom, other));
  const longest = elsewhere.at(-1) ?? judged;
  const depends = elsewhere.some(({ outcome }) => outcome !== judged.outcome);
  const isWithout = missing.length > 0 && judged.outcome === "confirmed";
  if (!depends && !isWithout && judged.outcome !== "inconclusive") return { ...judged, lacks: [], fit: 0 };
  const isShort = elsewhere.length > 0 && samplesOf(view, "sockets").length === 1;
  const isOpen =
    isShort || longest.findings.some((one, nth) => one.outcome !== judged.findings[nth]?.outcome);
  return {
    outcome: "inconclusive",
    findings: judged.findings,
    because: depends
      ? "it depends on what happened between the looks, or after the last one"
      : judged.because,
    lacks: [...new Set([...(depends || isOpen ? ["looks"] : []), ...missing, ...longest.lacks])],
    fit: elsewhere.length > 0 ? fitOf(symptom, others.at(-1) ?? view) : 0,
  };
}

/**
 * Judges a symptom on one view. Where the holders of some sockets are not visible, it is also judged as if the listening process, another one
 * or several held them, and without the parts that ask for what is read of a process. If that changes the outcome, there is none.
 */
function judgeView(symptom: FailureMode["symptom"], view: View): Omit<Judged, "fit"> {
  const { outcome, findings } = judge(symptom, view);
  const unseen = mostUnseen(view);
  if (unseen > 0 && outcome !== "inconclusive") {
    const ofSockets = symptom.filter(({ needs }) => !needs.includes("processes"));
    const needsProcess = ofSockets.length < symptom.length;
    const asIf = COULD_BE.map((owner) => ({ owner, ...judge(ofSockets, heldBy(view, owner)) }));
    // What is asked of a process alone can be so.
    const outcomeOf = (one: Verdict): Outcome => (ofSockets.length === 0 ? "confirmed" : one.outcome);
    if (asIf.some((other) => outcomeOf(other) !== outcome)) {
      const isSo = asIf.filter((other) => outcomeOf(other) === "confirmed").map(({ owner }) => owner);
      return {
        outcome: "inconclusive",
        findings,
        because: dependsOn(unseen, isSo, needsProcess),
        lacks: ["holder", ...(needsProcess ? ["process"] : []), ...asIf.flatMap(lacking)],
      };
    }
  }
  const open = findings.find((finding) => finding.outcome === "inconclusive");
  return { outcome, findings, because: open?.observed ?? "", lacks: lacking({ findings }) };
}

/** What the inconclusive findings lack. */
function lacking({ findings }: Pick<Judged, "findings">): string[] {
  const open = findings.filter((finding) => finding.outcome === "inconclusive");
  return [...new Set(open.flatMap((finding) => finding.lacks ?? []))];
}

const OWNERS: Record<(typeof COULD_BE)[number], string> = {
  listener: "only the listening process",
  process: "one that does not listen",
  shared: "several processes",
};

/** Why there is no outcome. `isSo`: which holders would meet the parts that are about sockets. */
function dependsOn(unseen: number, isSo: (typeof COULD_BE)[number][], needsProcess: boolean): string {
  const sockets = unseen === 1 ? "a socket" : `${unseen} sockets`;
  if (needsProcess) {
    return `it depends on the descriptors or the processor time of whoever holds ${sockets}, and that process is not visible`;
  }
  const who =
    isSo.length === 0
      ? ""
      : `; it is so if ${isSo.map((owner) => OWNERS[owner]).join(" or ")} ${isSo.length === 1 && isSo[0] === "shared" ? "do" : "does"}`;
  return `it depends on who holds ${sockets}, and that process is not visible${who}`;
}

function mostUnseen(view: View): number {
  const looks = samplesOf(view, "sockets").map(({ groups }) =>
    groups.filter(isUnseen).reduce((sum, { count }) => sum + count, 0),
  );
  return Math.max(0, ...looks);
}

/** The view as it would be if the sockets with holders that are not visible had this owner. */
function heldBy(view: View, owner: Owner): View {
  const pids = owner === "shared" ? STAND_INS : STAND_INS.slice(0, 1);
  const samples = view.samples.map((sample) => {
    if (sample.kind === "listeners") {
      const listeners = sample.listeners.map((one) =>
        unreadColumn(one, "pids") === null && one.pids?.length === 0 ? withValue(one, "pids", pids) : one,
      );
      return { ...sample, listeners };
    }
    if (sample.kind !== "sockets") return sample;
    const groups = sample.groups.map((group) => (isUnseen(group) ? groupHeldBy(group, owner, pids) : group));
    return { ...sample, groups };
  });
  return { ...view, samples };
}

function groupHeldBy(group: SocketGroup, owner: Owner, pids: number[]): SocketGroup {
  const examples = group.examples.map((example) => withValue(example, "pids", pids));
  return withValue(withValue(group, "owner", owner), "examples", examples);
}

/** Whether some process holds them, and is not visible. */
function isUnseen(group: SocketGroup): boolean {
  return unreadColumn(group, "owner") === null && group.owner === "unseen";
}
