import { samplesOf } from "../measure/evidence.ts";
import type { View } from "../model/expectation.ts";
import type { FailureMode } from "../model/experiment.ts";
import type { Owner } from "../model/state.ts";
import type { Finding, Outcome } from "../model/verdict.ts";
import { judge } from "../verdict/judge.ts";
import type { Patient } from "./examine.ts";

/** What could be the owner of a socket whose holder is not visible. */
const COULD_BE = ["listener", "process", "shared"] as const satisfies Owner[];

/** A symptom's outcome on one subject. `because` says why it is inconclusive. */
export interface Judged {
  outcome: Outcome;
  findings: Finding[];
  because: string;
}

/** Whether a symptom is about the namespace as a whole: counters decide it, and no socket or listener. */
export function belongsToNamespace({ symptom }: FailureMode): boolean {
  const needs = new Set(symptom.flatMap((part) => part.needs));
  return needs.has("counters") && !needs.has("sockets") && !needs.has("listeners");
}

/** The pids that stand for processes that are not visible. No process has them. */
const STAND_INS = [-1, -2];

/** Judges a mode's symptom on what was read of a subject. `lack`: why the looks may have missed something; null if they have not. */
export function judgeOn(mode: FailureMode, patient: Pick<Patient, "view">, lack: string | null): Judged {
  const judged = judgeSeen(mode, patient);
  return lack === null ? judged : tempered(judged, mode, lack);
}

/**
 * What is left of an outcome when looks are missing, as in a starved trial (harness/verdict/starved.ts): they could have shown a symptom that
 * was not seen, and refuted what is said of every look.
 */
function tempered(judged: Judged, { symptom }: FailureMode, lack: string): Judged {
  if (judged.outcome === "refuted") return { ...judged, outcome: "inconclusive", because: lack };
  const nth = symptom.findIndex(({ ofEveryLook }) => ofEveryLook !== undefined);
  if (judged.outcome === "inconclusive" || nth === -1) return judged;
  const because = `${judged.findings[nth]?.observed ?? ""}; but ${lack}`;
  return { ...judged, outcome: "inconclusive", because };
}

/**
 * Judges a mode's symptom on what was read of a subject. Where the holders of some sockets are not visible, it is also judged as if the
 * listening process, another one or several held them, and without the parts that ask for what is read of a process. If that changes the
 * outcome, there is none.
 */
function judgeSeen({ symptom }: FailureMode, { view }: Pick<Patient, "view">): Judged {
  const { outcome, findings } = judge(symptom, view);
  const unseen = mostUnseen(view);
  if (unseen > 0 && outcome !== "inconclusive") {
    const ofSockets = symptom.filter(({ needs }) => !needs.includes("processes"));
    const asIf = COULD_BE.map((owner) => ({
      owner,
      // What is asked of a process alone can be so.
      outcome: ofSockets.length === 0 ? "confirmed" : judge(ofSockets, heldBy(view, owner)).outcome,
    }));
    if (asIf.some((other) => other.outcome !== outcome)) {
      const isSo = asIf.filter((other) => other.outcome === "confirmed").map(({ owner }) => owner);
      return {
        outcome: "inconclusive",
        findings,
        because: dependsOn(unseen, isSo, ofSockets.length < symptom.length),
      };
    }
  }
  const open = findings.find((finding) => finding.outcome === "inconclusive");
  return { outcome, findings, because: open?.observed ?? "" };
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
    groups.filter(({ owner }) => owner === "unseen").reduce((sum, { count }) => sum + count, 0),
  );
  return Math.max(0, ...looks);
}

/** The view as it would be if the sockets with holders that are not visible had this owner. */
function heldBy(view: View, owner: Owner): View {
  const pids = owner === "shared" ? STAND_INS : STAND_INS.slice(0, 1);
  const samples = view.samples.map((sample) => {
    if (sample.kind === "listeners") {
      const listeners = sample.listeners.map((one) => (one.pids?.length === 0 ? { ...one, pids } : one));
      return { ...sample, listeners };
    }
    if (sample.kind !== "sockets") return sample;
    const groups = sample.groups.map((group) =>
      group.owner === "unseen"
        ? { ...group, owner, examples: group.examples.map((example) => ({ ...example, pids })) }
        : group,
    );
    return { ...sample, groups };
  });
  return { ...view, samples };
}
