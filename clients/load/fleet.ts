import type { Trouble } from "../../harness/load/outcome.ts";
import type { Deadlines, Waiting } from "./deadlines.ts";
import type { Queued } from "./queue.ts";
import type { Schedule } from "./schedule.ts";

// What every engine does to all of its connections at once.

/** Calls `then` for each item whose wait has ended. */
export function expire<T extends Waiting<T>>(
  waits: Deadlines<T>,
  nowUs: number,
  then: (one: T) => void,
): void {
  for (let late = waits.takeOver(nowUs); late !== null; late = waits.takeOver(nowUs)) then(late);
}

/** Finishes the idle connections when no further attempt will come. */
export function finishIdle<C extends Queued<C> & { finish: () => void }>(
  { idle }: Pick<Schedule<C>, "idle">,
  before: (connection: C) => void = () => {},
): void {
  for (let { first } = idle; first !== null; { first } = idle) {
    idle.remove(first);
    before(first);
    first.finish();
  }
}

/** Ends a run early, after a signal or at its time limit. `cut` must end every attempt that is under way. */
export function cutShort<C extends Queued<C>>(
  schedule: Schedule<C>,
  isStopped: boolean,
  cut: (trouble: Trouble) => void,
): void {
  if (!isStopped && schedule.loadEndUs !== Infinity) schedule.endLoad();
  cut(isStopped ? { kind: "cancelled" } : { kind: "timeout" });
  if (!isStopped) schedule.giveUp();
}
