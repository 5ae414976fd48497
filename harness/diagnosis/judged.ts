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

/**
 * Judges a mode's symptom on what was read of a subject. Where the holders of some sockets are not visible, it is also judged as if the
 * listening process, another one or several held them. If that changes the outcome, there is none.
 */
export function judgeOn({ symptom }: FailureMode, { view }: Pick<Patient, "view">): Judged {
  const { outcome, findings } = judge(symptom, view);
  const unseen = mostUnseen(view);
  if (unseen > 0 && outcome !== "inconclusive") {
    const others = COULD_BE.map((owner) => judge(symptom, heldBy(view, owner)).outcome);
    if (others.some((other) => other !== outcome)) {
      const because = `it depends on who holds ${unseen === 1 ? "a socket" : `${unseen} sockets`}, and that process is not visible`;
      return { outcome: "inconclusive", findings, because };
    }
  }
  const open = findings.find((finding) => finding.outcome === "inconclusive");
  return { outcome, findings, because: open?.observed ?? "" };
}

function mostUnseen(view: View): number {
  const looks = samplesOf(view, "sockets").map(({ groups }) =>
    groups.filter(({ owner }) => owner === "unseen").reduce((sum, { count }) => sum + count, 0),
  );
  return Math.max(0, ...looks);
}

/** The view as it would be if the sockets with holders that are not visible had this owner. */
function heldBy(view: View, owner: Owner): View {
  const samples = view.samples.map((sample) => {
    if (sample.kind !== "sockets") return sample;
    const groups = sample.groups.map((group) => (group.owner === "unseen" ? { ...group, owner } : group));
    return { ...sample, groups };
  });
  return { ...view, samples };
}
