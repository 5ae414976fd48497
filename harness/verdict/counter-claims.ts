import { type Counter, counterDelta } from "../measure/counters.ts";
import { type Evidence, samplesOf } from "../measure/evidence.ts";
import { type FullestQueue, fullestQueue, type Listeners } from "../measure/listeners.ts";
import type { Answer } from "../model/expectation.ts";
import type { Bound } from "./bound.ts";
import { type Claim, claim, everyLook } from "./claim.ts";
import { countOf, onHost, seconds } from "./wording.ts";

/** How far a counter moves from the trial's start to its last look. */
export function counterMoved(which: Counter, bound: Bound): Claim<Evidence> {
  const sentence = `${which.counter} rises by ${bound.ofAmount("")}${onHost(which.host)}`;
  return claim(sentence, ["counters"], (evidence) => moved(evidence, which, bound.holds));
}

/** That a counter does not move in the whole trial. */
export function counterStill(which: Counter): Claim<Evidence> {
  const sentence = `${which.counter} does not move${onHost(which.host)}`;
  return claim(sentence, ["counters"], (evidence) => moved(evidence, which, (delta) => delta === 0));
}

/** That at some look the accept queue of one of those listeners holds more than its backlog: one more, and it is full. */
export function acceptQueueFull(which: Listeners = {}): Claim<Evidence> {
  return claim(`at some look ${acceptQueue(which)} is full`, ["listeners"], (evidence) => {
    const fullest = fullestQueue(evidence, which);
    if (fullest !== null) return { holds: isFull(fullest), observed: queueWords(fullest) };
    const looked = samplesOf(evidence, "listeners", which.host).length > 0;
    return { holds: looked ? false : null, observed: unseen(which, looked) };
  });
}

/** That at every look the accept queues of all those listeners have room; there must be one. */
export function acceptQueueNeverFull(which: Listeners = {}): Claim<Evidence> {
  const test = (evidence: Evidence): Answer => {
    const fullest = fullestQueue(evidence, which);
    if (fullest !== null) return { holds: !isFull(fullest), observed: queueWords(fullest) };
    return { holds: null, observed: unseen(which, samplesOf(evidence, "listeners", which.host).length > 0) };
  };
  const sentence = `at no look is ${acceptQueue(which)} full`;
  return claim(sentence, ["listeners"], test, everyLook("listeners", which));
}

function moved(evidence: Evidence, which: Counter, holds: (delta: number) => boolean): Answer {
  const delta = counterDelta(evidence, which);
  if (delta === null) {
    return { holds: null, observed: `there was no look at the counters${onHost(which.host)}` };
  }
  const how = delta === 0 ? "did not move" : `${delta > 0 ? "rose" : "fell"} by ${Math.abs(delta)}`;
  return { holds: holds(delta), observed: `${which.counter} ${how}` };
}

function isFull({ queue, backlog }: FullestQueue): boolean {
  return queue > backlog;
}

function unseen(which: Listeners, looked: boolean): string {
  if (!looked) return `there was no look at the listeners${onHost(which.host)}`;
  return `nothing was seen listening${which.port === undefined ? "" : ` on port ${which.port}`}${onHost(which.host)}`;
}

function queueWords({ queue, backlog, port, atUs }: FullestQueue): string {
  const waiting = `${countOf(queue, "connection")} waited for accept()`;
  return `${waiting} with a backlog of ${backlog}, on port ${port} at ${seconds(atUs)}, the fullest seen`;
}

function acceptQueue({ port, host }: Listeners): string {
  return `the accept queue${port === undefined ? "" : ` of port ${port}`}${onHost(host)}`;
}
