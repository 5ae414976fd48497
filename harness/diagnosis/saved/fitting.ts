import { unreadColumn, withValue } from "../../measure/unread.ts";
import type { SymptomExpectation, View } from "../../model/expectation.ts";
import type { SocketGroup } from "../../model/sample.ts";
import type { Exchanged, Owner, Timer } from "../../model/state.ts";
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

/**
 * How well a symptom fits a view in which columns are unread, if they are as they could be: the largest share of its parts that then hold,
 * and would not hold without the sockets that were seen. 0 where some part is refuted however they are.
 */
export function fitOf(symptom: readonly SymptomExpectation[], view: View): number {
  const parts = [...symptom];
  const empty = judge(parts, withoutSockets(view)).findings;
  const shares = worldsOf(view).map((world) => {
    const { outcome, findings } = judge(parts, filled(view, world));
    if (outcome === "refuted") return 0;
    const holding = parts.filter(
      (_, nth) => findings[nth]?.outcome === "confirmed" && empty[nth]?.outcome === "refuted",
    );
    return holding.length / parts.length + PER_CONDITION * conditionsOf(holding);
  });
  return Math.max(0, ...shares);
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

/** Only of columns that some group lacks there are several. */
function worldsOf(view: View): World[] {
  const groups = view.samples.flatMap((sample) => (sample.kind === "sockets" ? sample.groups : []));
  const ways = <T>(field: string, all: readonly T[]): readonly T[] =>
    groups.some((group) => isOpen(group, field)) ? all : all.slice(0, 1);
  return ways("owner", OWNERS).flatMap((owner) =>
    ways("timer", TIMERS).flatMap((timer) =>
      ways("exchanged", EXCHANGES).map((exchanged) => ({ owner, timer, exchanged })),
    ),
  );
}

function filled(view: View, { owner, timer, exchanged }: World): View {
  const samples = view.samples.map((sample) => {
    if (sample.kind !== "sockets") return sample;
    const groups = sample.groups.map((group) => {
      const owned = isOpen(group, "owner") ? withValue(group, "owner", owner(group)) : group;
      const timed = isOpen(group, "timer") ? withValue(owned, "timer", timer(group)) : owned;
      return isOpen(group, "exchanged") ? withValue(timed, "exchanged", exchanged) : timed;
    });
    return { ...sample, groups };
  });
  return { ...view, samples };
}

/** Whether a field of a group could have another value: nobody read it, or a process holds the sockets and nobody read which. */
function isOpen(group: SocketGroup, field: string): boolean {
  return unreadColumn(group, field) !== null || (field === "owner" && group.owner === "unseen");
}
