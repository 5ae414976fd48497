import { unreadColumn, withValues } from "../../measure/unread.ts";
import type { SymptomExpectation, View } from "../../model/expectation.ts";
import type { SocketGroup } from "../../model/sample.ts";
import type { Exchanged, Owner, Timer } from "../../model/state.ts";
import type { Outcome } from "../../model/verdict.ts";
import { judge } from "../../verdict/judge.ts";

/** How the unread columns of one group could be. */
interface World {
  owner: (group: SocketGroup) => Owner;
  timer: (group: SocketGroup) => Timer;
  exchanged: Exchanged;
}

const served = ({ side }: SocketGroup): Owner => (side === "listener" ? "listener" : "process");
/** Who could hold the sockets: those who should; nobody those with something to read; nobody any; another process. */
const OWNERS: World["owner"][] = [
  served,
  (group) => (group.receiveQueue === "holding" ? "none" : served(group)),
  () => "none",
  () => "process",
];
const running =
  (timer: Timer) =>
  (group: SocketGroup): Timer =>
    group.state === "SYN-RECEIVED" ? "on" : group.sendQueue === "holding" ? timer : "none";
/** Which timers could run: none, those of data that was sent, those of a closed window, and keep-alive. */
const TIMERS: World["timer"][] = [running("none"), running("on"), running("persist"), () => "keepalive"];
const EXCHANGES: Exchanged[] = ["both", "received", "nothing"];

/** How well symptoms fit a view in which columns are unread. What the view could be is made once. */
export class Fitting {
  readonly #worlds: readonly View[];
  readonly #empty: View;

  constructor(view: View) {
    this.#worlds = worldsOf(view);
    this.#empty = withoutSockets(view);
  }

  /**
   * The largest share of a symptom's parts that hold in one of the worlds, and would not hold without the sockets that were seen. 0 where
   * some part is refuted however they are.
   */
  of(symptom: readonly SymptomExpectation[]): number {
    const isOfSockets = symptom.map((part) => outcomeOn(part, this.#empty) === "refuted");
    const shares = this.#worlds.map((world) => {
      const holding: SymptomExpectation[] = [];
      for (const [nth, part] of symptom.entries()) {
        const outcome = outcomeOn(part, world);
        if (outcome === "refuted") return 0;
        if (outcome === "confirmed" && isOfSockets[nth] === true) holding.push(part);
      }
      return holding.length / symptom.length + PER_CONDITION * conditionsOf(holding);
    });
    return Math.max(0, ...shares);
  }
}

function outcomeOn(part: SymptomExpectation, view: View): Outcome {
  return judge([part], view).outcome;
}

/** Among symptoms of which the same share holds, the one fits better that says more of what every dump shows of its sockets. */
const PER_CONDITION = 0.001;
const SHOWN = ["state", "side", "port", "receiveQueue", "sendQueue"];

function conditionsOf(parts: readonly SymptomExpectation[]): number {
  return parts.reduce(
    (sum, { given }) =>
      sum + Object.keys(given?.["sockets"] ?? {}).filter((key) => SHOWN.includes(key)).length,
    0,
  );
}

/** The same looks without a socket: what a symptom shows there does not depend on what was seen. */
function withoutSockets(view: View): View {
  const samples = view.samples.map((sample) => {
    if (sample.kind === "sockets") return { ...sample, groups: [] };
    return sample.kind === "listeners" ? { ...sample, listeners: [] } : sample;
  });
  return { ...view, samples };
}

/** What a view could be: every way in which its unread columns could be, once. */
function worldsOf(view: View): View[] {
  const groups = view.samples.flatMap((sample) => (sample.kind === "sockets" ? sample.groups : []));
  const ways = <T>(field: string, all: readonly T[]): readonly T[] =>
    groups.some((group) => isOpen(group, field)) ? all : all.slice(0, 1);
  const worlds = ways("owner", OWNERS).flatMap((owner) =>
    ways("timer", TIMERS).flatMap((timer) =>
      ways("exchanged", EXCHANGES).map((exchanged) => ({ owner, timer, exchanged })),
    ),
  );
  // With these sockets, several can be the same: without data to be sent, no timer of such data runs.
  const distinct = new Map(
    worlds.map((world) => [groups.flatMap((group) => Object.values(valuesIn(group, world))).join(), world]),
  );
  return [...distinct.values()].map((world) => filled(view, world));
}

/** The values of the unread columns of a group. */
function valuesIn(
  group: SocketGroup,
  { owner, timer, exchanged }: World,
): Partial<Pick<SocketGroup, "owner" | "timer" | "exchanged">> {
  return {
    ...(isOpen(group, "owner") && { owner: owner(group) }),
    ...(isOpen(group, "timer") && { timer: timer(group) }),
    ...(isOpen(group, "exchanged") && { exchanged }),
  };
}

function filled(view: View, world: World): View {
  const samples = view.samples.map((sample) =>
    sample.kind === "sockets"
      ? { ...sample, groups: sample.groups.map((group) => withValues(group, valuesIn(group, world))) }
      : sample,
  );
  return { ...view, samples };
}

/** Whether a field of a group could have another value: nobody read it, or a process holds the sockets and nobody read which. */
function isOpen(group: SocketGroup, field: string): boolean {
  return unreadColumn(group, field) !== null || (field === "owner" && group.owner === "unseen");
}
