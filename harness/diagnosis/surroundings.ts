import { samplesOf } from "../measure/evidence.ts";
import { type FullestQueue, fullestQueue } from "../measure/listeners.ts";
import { type DescriptorUse, nearestToLimit } from "../measure/processes.ts";
import { threadsNotReadable, type ThreadsSeen, threadsSeen } from "../measure/thread-waits.ts";
import { whereRead } from "../measure/unread.ts";
import type { View } from "../model/expectation.ts";
import type { Experiment } from "../model/experiment.ts";
import type { SeenState, Side } from "../model/state.ts";
import { type Unanswered, unansweredOn } from "./unanswered.ts";

/** What was looked at, in numbers: the grounds of "nothing found". */
export interface Surroundings {
  /** The sockets of the last look, the most first. */
  sockets: { state: SeenState; side: Side; count: number }[];
  /** The accept queue that was nearest to its limit in some look. */
  queue: Pick<FullestQueue, "port" | "queue" | "backlog"> | null;
  /** The process that was nearest to its limit of descriptors in some look. */
  descriptors: DescriptorUse | null;
  /** What the threads of the examined processes did, as far as that was read; and of which ones this user may not read it. */
  threads: ThreadsSeen[];
  threadsNotReadable: { pid: number; name: string }[];
  /** Connections whose clients have had no answer for a while. */
  unanswered: Unanswered[];
  /** By how much the counters moved in which some experiment is seen; null where no counters were read. */
  counters: Record<string, number> | null;
}

/** What the views of the examined subjects show, and the counters of the whole namespace. */
export function surroundingsOf(
  views: readonly View[],
  whole: View,
  experiments: readonly Experiment[],
): Surroundings {
  const known = new Set<string>(experiments.flatMap(({ signs }) => signs?.seen ?? []));
  const deltas = samplesOf(whole, "counters").at(-1)?.deltas ?? null;
  const samples = views.flatMap((view) => view.samples);
  const all: View = { host: whole.host, sysctls: whole.sysctls, samples };
  const fullest = whereRead(() => fullestQueue(all));
  return {
    sockets: socketsOf(views),
    queue: fullest && { port: fullest.port, queue: fullest.queue, backlog: fullest.backlog },
    descriptors: whereRead(() => nearestToLimit(all, {})),
    threads: threadsSeen(all),
    threadsNotReadable: threadsNotReadable(all),
    unanswered: views.flatMap(unansweredOn),
    counters:
      deltas && Object.fromEntries(Object.entries(deltas).filter(([name, by]) => known.has(name) && by > 0)),
  };
}

function socketsOf(views: readonly View[]): Surroundings["sockets"] {
  const counts = new Map<string, Surroundings["sockets"][number]>();
  for (const { state, side, count } of views.flatMap(
    (view) => samplesOf(view, "sockets").at(-1)?.groups ?? [],
  )) {
    const key = `${state} ${side}`;
    counts.set(key, { state, side, count: count + (counts.get(key)?.count ?? 0) });
  }
  return [...counts.values()].toSorted((a, b) => b.count - a.count);
}
