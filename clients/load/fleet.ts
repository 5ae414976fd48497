import type { Trouble } from "../../harness/load/outcome.ts";
import type { Deadlines, Waiting } from "./deadlines.ts";
import type { Queued } from "./queue.ts";
import type { Schedule } from "./schedule.ts";

// What every engine does with all of its connections at once.

/** Does something for each that has waited until its time was over. */
export function expire<T extends Waiting<T>>(
  waits: Deadlines<T>,
  nowUs: number,
  then: (one: T) => void,
): void {
  for (let late = waits.takeOver(nowUs); late !== null; late = waits.takeOver(nowUs)) then(late);
}

/** Finishes the connections that wait for a next attempt, when there is none to come. */
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

/** Ends a run before its time: by a signal, or because its bound is reached. `cut` is to end every attempt that is under way. */
export function cutShort<C extends Queued<C>>(
  schedule: Schedule<C>,
  isStopped: boolean,
  cut: (trouble: Trouble) => void,
): void {
  if (!isStopped && schedule.loadEndUs !== Infinity) schedule.endLoad();
  cut(isStopped ? { kind: "cancelled" } : { kind: "timeout" });
  if (!isStopped) schedule.giveUp();
}
