import { placeOf } from "../measure/kernel-waits.ts";
import { standingQueues, type StandingQueue } from "../measure/standing-queue.ts";
import { threadsSeen, type ThreadsSeen } from "../measure/thread-waits.ts";
import { whereRead } from "../measure/unread.ts";
import type { View } from "../model/expectation.ts";
import type { FailureMode } from "../model/experiment.ts";

/** What the threads of the accused processes do, and what follows from it for sure; null where nothing does. */
export interface ThreadsHere {
  processes: ThreadsSeen[];
  follows: string | null;
}

/** From so few samples nothing follows. */
const FEWEST_SAMPLES = 3;

/**
 * What threads do that should take what stands. `pids`: who holds the sockets of the finding. Where connections stand in a queue, it is about
 * the processes that hold the listener, while it stands. null where the mode is not about that, or nothing was read.
 */
export function threadsOn({ advice }: FailureMode, view: View, pids: readonly number[]): ThreadsHere | null {
  if (advice?.untaken === undefined) return null;
  const [queue] = advice.untaken === "connections" ? (whereRead(() => standing(view)) ?? []) : [];
  const whose = queue === undefined ? pids : queue.pids;
  const all = threadsSeen(view, queue);
  const some = all.filter(({ pid }) => whose.includes(pid));
  const processes = some.length > 0 ? some : all;
  if (processes.length === 0) return null;
  const isAll = some.length > 0 && some.length === whose.length;
  const follows = isAll ? (queue === undefined ? ofBytes(processes) : ofQueue(processes)) : null;
  return { processes, follows };
}

/** The queues that stand, with their holders: reading these refuses where nobody has read them. */
function standing(view: View): (StandingQueue & { pids: number[] })[] {
  return standingQueues(view, { least: 1, forMs: 1000 }).map((queue) => ({ ...queue, pids: queue.pids }));
}

function ofQueue(processes: readonly ThreadsSeen[]): string | null {
  if (isNowhere(processes, "asks"))
    return "so none asks for connections: no thread is in accept(), epoll_wait(), poll() or select()";
  const asksAlways = processes.some(
    ({ main, samples }) =>
      samples >= FEWEST_SAMPLES && main.every(({ wait }) => placeOf(wait).for === "asks"),
  );
  return asksAlways
    ? "the connections in the queue do not wake that thread: it does not ask for them, or only for changes (EPOLLET)"
    : null;
}

function ofBytes(processes: readonly ThreadsSeen[]): string | null {
  const isElsewhere = isNowhere(processes, "asks") && isNowhere(processes, "client");
  return isElsewhere ? "so none waits for a connection or for its bytes" : null;
}

/** Whether it is known of every thread, in every sample, that it does not wait there. */
function isNowhere(processes: readonly ThreadsSeen[], what: "asks" | "client"): boolean {
  return processes.every(
    ({ samples, threads, read, main, others }) =>
      samples >= FEWEST_SAMPLES &&
      read >= threads &&
      [...main, ...others].every(({ wait }) => {
        const place = placeOf(wait);
        return place.isSleep && place.for !== what;
      }),
  );
}
