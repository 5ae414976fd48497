import { samplesOf } from "../measure/evidence.ts";
import { unreadColumn, withValue } from "../measure/unread.ts";
import type { View } from "../model/expectation.ts";
import type { FailureMode } from "../model/experiment.ts";
import type { SocketGroup } from "../model/sample.ts";
import type { Owner } from "../model/state.ts";
import type { Finding, Outcome } from "../model/verdict.ts";
import { judge } from "../verdict/judge.ts";
import type { Patient } from "./examine.ts";
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

/**
 * Judges a mode's symptom on what was read of a subject. Where there were few looks, the outcome must not depend on what happened between
 * them, or after the last one.
 */
export function judgeOn({ symptom }: FailureMode, { view, others = [], missing = [] }: Patient): Judged {
  const judged = judgeView(symptom, view);
  const elsewhere = others.map((other) => judgeView(symptom, other));
  const longest = elsewhere.at(-1) ?? judged;
  const depends = elsewhere.some(({ outcome }) => outcome !== judged.outcome);
  const isWithout = missing.length > 0 && judged.outcome === "confirmed";
  const outcome = depends || isWithout ? "inconclusive" : judged.outcome;
  const isShort = elsewhere.length > 0 && samplesOf(view, "sockets").length === 1;
  const isOpen =
    isShort || longest.findings.some((one, nth) => one.outcome !== judged.findings[nth]?.outcome);
  const lacks =
    outcome !== "inconclusive"
      ? []
      : [...new Set([...(depends || isOpen ? ["looks"] : []), ...missing, ...longest.lacks])];
  return {
    outcome,
    findings: judged.findings,
    because: depends
      ? "it depends on what happened between the looks, or after the last one"
      : judged.because,
    lacks,
    fit: outcome === "inconclusive" && elsewhere.length > 0 ? fitOf(symptom, others.at(-1) ?? view) : 0,
  };
}

/**
 * Where the holders of some sockets are not visible, a symptom is also judged as if the listening process, another one or several held them.
 * If that changes the outcome, there is none.
 */
function judgeView(symptom: FailureMode["symptom"], view: View): Omit<Judged, "fit"> {
  const { outcome, findings } = judge(symptom, view);
  const unseen = mostUnseen(view);
  if (unseen > 0 && outcome !== "inconclusive") {
    const others = COULD_BE.map((owner) => judge(symptom, heldBy(view, owner)));
    if (others.some((other) => other.outcome !== outcome)) {
      const because = `it depends on who holds ${unseen === 1 ? "a socket" : `${unseen} sockets`}, and that process is not visible`;
      return { outcome: "inconclusive", findings, because, lacks: ["holder", ...others.flatMap(lacking)] };
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

function mostUnseen(view: View): number {
  const looks = samplesOf(view, "sockets").map(({ groups }) =>
    groups.filter(isUnseen).reduce((sum, { count }) => sum + count, 0),
  );
  return Math.max(0, ...looks);
}

/** The view as it would be if the sockets with holders that are not visible had this owner. */
function heldBy(view: View, owner: Owner): View {
  const samples = view.samples.map((sample) => {
    if (sample.kind !== "sockets") return sample;
    const groups = sample.groups.map((group) => (isUnseen(group) ? withValue(group, "owner", owner) : group));
    return { ...sample, groups };
  });
  return { ...view, samples };
}

/** Whether some process holds them, and is not visible. */
function isUnseen(group: SocketGroup): boolean {
  return unreadColumn(group, "owner") === null && group.owner === "unseen";
}
