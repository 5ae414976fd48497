import type { PeerMatch, PeerStep } from "../../model/peer.ts";
import { flagBits } from "../packet/flags.ts";
import type { Heard, Numbers, Spoken } from "./numbers.ts";

/** The most segments that are kept for later awaits. Beyond that, the oldest are discarded. */
const MOST_UNREAD = 1024;

/**
 * One run of a script, for one connection. Pure: the caller passes it segments, interventions and the time, in microseconds. The segments
 * that it sends are in `spoken` until the caller takes them. The script never runs beyond its last step.
 */
export class Script {
  readonly #steps: readonly PeerStep[];
  readonly #numbers: Numbers;
  readonly #isDone: (intervention: string) => boolean;
  readonly #unread: Heard[] = [];
  /** The last step with an await. After it, received segments are not kept. */
  readonly #lastAwait: number;
  #at = 0;
  /** When the current step began; null before that. */
  #sinceUs: number | null = null;
  #unmet = false;
  #windowBytes: number | null = null;

  /** The segments that the script has sent, in order. The caller takes them and empties the list. */
  readonly spoken: Spoken[] = [];

  constructor(steps: readonly PeerStep[], numbers: Numbers, isDone: (intervention: string) => boolean) {
    this.#steps = steps;
    this.#numbers = numbers;
    this.#isDone = isDone;
    this.#lastAwait = steps.findLastIndex((step) => "await" in step);
  }

  /** When the script must run again if no segment arrives before; Infinity when it waits for no time. */
  get dueUs(): number {
    const step = this.#steps[this.#at];
    if (step === undefined || this.#unmet) return Number.POSITIVE_INFINITY;
    if (this.#sinceUs === null) return 0;
    if ("waitMs" in step) return this.#sinceUs + step.waitMs * 1000;
    return "await" in step ? this.#sinceUs + step.withinMs * 1000 : Number.POSITIVE_INFINITY;
  }

  /** The step at which the script is, and whether that is an await whose time is over; null when the script has reached its end. */
  get unfinished(): { step: number; unmet: boolean } | null {
    return this.#at === this.#steps.length ? null : { step: this.#at, unmet: this.#unmet };
  }

  /** Takes a received segment. */
  hear(segment: Heard, nowUs: number): void {
    const isAsking = this.#numbers.hear(segment);
    if (isAsking && this.#windowBytes !== null)
      this.spoken.push(this.#numbers.acknowledge(this.#windowBytes));
    if (this.#at <= this.#lastAwait && !this.#unmet) {
      this.#unread.push(segment);
      if (this.#unread.length > MOST_UNREAD) this.#unread.shift();
    }
    this.run(nowUs);
  }

  /** Runs as many steps as it can now. */
  run(nowUs: number): void {
    while (!this.#unmet) {
      const step = this.#steps[this.#at];
      if (step === undefined) return;
      this.#sinceUs ??= nowUs;
      if (!this.#isOver(step, this.#sinceUs, nowUs)) return;
      this.#at += 1;
      this.#sinceUs = null;
    }
  }

  /** Does a step. Returns whether the step is over. */
  #isOver(step: PeerStep, sinceUs: number, nowUs: number): boolean {
    if ("send" in step) this.spoken.push(this.#numbers.send(step.send));
    else if ("answer" in step) this.#windowBytes = step.answer?.windowBytes ?? null;
    else if ("after" in step) return this.#isDone(step.after);
    else if ("waitMs" in step) return nowUs >= sinceUs + step.waitMs * 1000;
    else return this.#isMet(step.await, sinceUs + step.withinMs * 1000, nowUs);
    return true;
  }

  #isMet(match: PeerMatch, untilUs: number, nowUs: number): boolean {
    const found = this.#unread.findIndex((segment) => matches(segment, match));
    this.#unread.splice(0, found === -1 ? this.#unread.length : found + 1);
    this.#unmet = found === -1 && nowUs >= untilUs;
    return found !== -1;
  }
}

function matches({ flags, payloadBytes }: Heard, { flags: set, without, payload }: PeerMatch): boolean {
  const wanted = flagBits(set ?? []);
  if ((flags & wanted) !== wanted || (flags & flagBits(without ?? [])) !== 0) return false;
  return payload === undefined || (payload === "some") === payloadBytes > 0;
}
