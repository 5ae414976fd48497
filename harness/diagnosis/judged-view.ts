import { samplesOf } from "../measure/evidence.ts";
import { unreadColumn, withValues } from "../measure/unread.ts";
import type { View } from "../model/expectation.ts";
import type { FailureMode } from "../model/experiment.ts";
import type { SocketGroup } from "../model/sample.ts";
import type { Owner } from "../model/state.ts";
import type { Finding, Outcome, Verdict } from "../model/verdict.ts";
import { judge } from "../verdict/judge.ts";

/** What could be the owner of a socket whose holder is not visible. */
const COULD_BE = ["listener", "process", "shared"] as const satisfies Owner[];

/** The pids that stand for processes that are not visible. No process has them. */
const STAND_INS = [-1, -2];

/** A symptom's outcome on one view. `because` says why it is inconclusive. */
export interface OnView {
  outcome: Outcome;
  findings: Finding[];
  because: string;
  /** What was not read, and would decide it: kinds of samples, and columns of a dump. */
  lacks: readonly string[];
}

/** A view on which symptoms are judged, and what it would be if those held its sockets whose holders are not visible: each is made once. */
export class JudgedView {
  readonly view: View;
  readonly #unseen: number;
  #asIf: { owner: (typeof COULD_BE)[number]; view: View }[] | null = null;

  constructor(view: View) {
    this.view = view;
    this.#unseen = mostUnseen(view);
  }

  /**
   * Where the holders of some sockets are not visible, a symptom is also judged as if the listening process, another one or several held
   * them, and without the parts that ask for what is read of a process. If that changes the outcome, there is none.
   */
  judge(symptom: FailureMode["symptom"]): OnView {
    const { outcome, findings } = judge(symptom, this.view);
    if (this.#unseen > 0 && outcome !== "inconclusive") {
      const ofSockets = symptom.filter(({ needs }) => !needs.includes("processes"));
      const needsProcess = ofSockets.length < symptom.length;
      this.#asIf ??= COULD_BE.map((owner) => ({ owner, view: heldBy(this.view, owner) }));
      const asIf = this.#asIf.map(({ owner, view }) => ({ owner, ...judge(ofSockets, view) }));
      // What is asked of a process alone can be so.
      const outcomeOf = (one: Verdict): Outcome => (ofSockets.length === 0 ? "confirmed" : one.outcome);
      if (asIf.some((other) => outcomeOf(other) !== outcome)) {
        const isSo = asIf.filter((other) => outcomeOf(other) === "confirmed").map(({ owner }) => owner);
        return {
          outcome: "inconclusive",
          findings,
          because: dependsOn(this.#unseen, isSo, needsProcess),
          lacks: ["holder", ...(needsProcess ? ["process"] : []), ...asIf.flatMap(lacking)],
        };
      }
    }
    const open = findings.find((finding) => finding.outcome === "inconclusive");
    return { outcome, findings, because: open?.observed ?? "", lacks: lacking({ findings }) };
  }
}

/** What the inconclusive findings lack. */
function lacking({ findings }: Pick<OnView, "findings">): string[] {
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
        unreadColumn(one, "pids") === null && one.pids?.length === 0 ? withValues(one, { pids }) : one,
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
  const examples = group.examples.map((example) => withValues(example, { pids }));
  return withValues(group, { owner, examples });
}

/** Whether some process holds them, and is not visible. */
function isUnseen(group: SocketGroup): boolean {
  return unreadColumn(group, "owner") === null && group.owner === "unseen";
}
