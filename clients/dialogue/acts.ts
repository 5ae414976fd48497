import { Answer } from "./answer.ts";
import { Asked } from "./asked.ts";
import type { Connection } from "./connection.ts";
import { Frames } from "./frames.ts";
import type { Gathering } from "./gathering.ts";
import { type IdleTime, offsetMs } from "./idle-time.ts";
import type { Act } from "./step.ts";
import { LIMIT_MS } from "./step.ts";
import type { Result } from "./told.ts";
import type { StepText } from "../../harness/load/step-text.ts";

const FOREVER_MS = Number.POSITIVE_INFINITY;
/** `fill` gives the kernel pieces of this size, so it counts whole pieces. */
const FILL_PIECE = Buffer.alloc(16_384, "a");

const SWITCHING_PROTOCOLS = 101;

type ActOf<Name extends Act["step"]> = Extract<Act, { step: Name }>;

/** What the connections of a run have in common. */
export interface Together {
  gathering: Gathering;
  idleTime: IdleTime;
}

/** Plays the steps of one connection. */
export class Acts {
  readonly #connection: Connection;
  /** The number of this connection, from 1, and how many the run has. */
  readonly #place: { number: number; of: number };
  readonly #gathering: Gathering;
  readonly #idleTime: IdleTime;
  readonly #asked = new Asked();

  constructor(
    connection: Connection,
    place: { number: number; of: number },
    { gathering, idleTime }: Together,
  ) {
    this.#connection = connection;
    this.#place = place;
    this.#gathering = gathering;
    this.#idleTime = idleTime;
  }

  /** Plays one step to its end. `nth`: its place in the script, from 1. */
  play(act: Act, nth: number): Promise<Result> {
    switch (act.step) {
      case "connect":
        return this.#until(() => (this.#connection.isConnected ? { outcome: "ok" } : this.#over()), act.ms);
      case "handshake":
        return this.#handshake(act.ms);
      case "send":
        return this.#send(act.text);
      case "fill":
        return this.#fill(act);
      case "drip":
        return this.#drip(act);
      case "answer":
        return this.#answer(act.ms);
      case "switch":
        return this.#switch(act.ms);
      case "close-frame":
        return this.#closeFrame(act.ms);
      case "bytes":
        return this.#bytes(act.bytes, act.ms);
      case "some":
        return this.#bytes(1, act.ms);
      case "end":
        return this.#end(act.ms);
      case "together":
        return this.#together(act, nth);
      case "wait":
        return this.#wait(act.ms);
      case "idle":
        return this.#idle(act);
      case "stay":
        return this.#stay();
      case "pause":
      case "resume":
        this.#connection[act.step]();
        return Promise.resolve({ outcome: "ok" });
      case "shutdown":
        return this.#shutdown();
      case "close":
      case "reset":
        this.#connection.line[act.step]();
        return this.#until(() => (this.#connection.isClosed ? { outcome: "ok" } : null), LIMIT_MS);
    }
  }

  async #until(
    ready: () => Result | null,
    limitMs: number,
    soFar: () => object = () => ({}),
  ): Promise<Result> {
    const result = await this.#connection.waiting.until(ready, limitMs);
    const whole: Result = typeof result === "string" ? { outcome: result } : result;
    return Object.assign(whole, soFar());
  }

  /** The result of a step that needs the connection, when it is broken; null when it is not. */
  #broken(): Result | null {
    const { broken } = this.#connection;
    return broken === null ? null : { outcome: broken };
  }

  /** The result of a step that waits for the other end, when nothing more can come; null when it can. */
  #over(): Result | null {
    const { ended } = this.#connection;
    return this.#broken() ?? (ended === null ? null : { outcome: ended.how });
  }

  #handshake(ms: number): Promise<Result> {
    this.#connection.secure();
    return this.#until(() => {
      const { secured } = this.#connection;
      return secured === null ? this.#over() : { outcome: "ok", version: secured };
    }, ms);
  }

  /** Sends bytes, and waits until the kernel has taken them. */
  #sent(bytes: Buffer, ms: number): Promise<Result> {
    let isTaken = false;
    this.#connection.send(bytes, () => (isTaken = true));
    return this.#until(() => (isTaken ? { outcome: "ok" } : this.#broken()), ms);
  }

  async #send(text: StepText): Promise<Result> {
    const before = this.#connection.sentBytes;
    const bytes = this.#written(text);
    const result = await this.#sent(bytes, LIMIT_MS);
    return Object.assign(result, { bytes: this.#connection.sentBytes - before });
  }

  async #fill({ bytes, ms }: ActOf<"fill">): Promise<Result> {
    const before = this.#connection.sentBytes;
    const endMs = performance.now() + ms;
    let result: Result = { outcome: "ok" };
    for (let left = bytes; left > 0 && result.outcome === "ok"; left -= FILL_PIECE.length) {
      result = await this.#sent(FILL_PIECE.subarray(0, left), endMs - performance.now());
    }
    return Object.assign(result, { bytes: this.#connection.sentBytes - before });
  }

  async #drip({ everyMs, text }: ActOf<"drip">): Promise<Result> {
    const before = this.#connection.sentBytes;
    const bytes = this.#written(text);
    let result: Result = { outcome: "ok" };
    for (let at = 0; at < bytes.length && result.outcome === "ok"; at += 1) {
      if (at > 0) result = await this.#wait(everyMs, () => this.#broken());
      if (result.outcome === "ok") result = await this.#sent(bytes.subarray(at, at + 1), LIMIT_MS);
    }
    return Object.assign(result, { bytes: this.#connection.sentBytes - before });
  }

  #answer(ms: number): Promise<Result> {
    const { inbox } = this.#connection;
    const answer = new Answer(this.#asked.next());
    const read = (): Result | null => {
      const outcome = answer.read(inbox);
      this.#connection.hasRead();
      if (outcome !== null) return { outcome };
      const over = this.#over();
      return over?.outcome === "FIN" ? { outcome: answer.finish() } : over;
    };
    return this.#until(read, ms, () => answer.fields);
  }

  /** An answer that switches protocols (RFC 9110 section 15.2.2). */
  async #switch(ms: number): Promise<Result> {
    const result = await this.#answer(ms);
    const isOther = result.outcome === "ok" && result["status"] !== SWITCHING_PROTOCOLS;
    return isOther ? { ...result, outcome: "refused" } : result;
  }

  #closeFrame(ms: number): Promise<Result> {
    const { inbox } = this.#connection;
    const frames = new Frames();
    const read = (): Result | null => {
      const outcome = frames.read(inbox);
      this.#connection.hasRead();
      return outcome === null ? this.#over() : { outcome };
    };
    return this.#until(read, ms, () => frames.fields);
  }

  #bytes(wanted: number, ms: number): Promise<Result> {
    let bytes = 0;
    const read = (): Result | null => {
      bytes += this.#dropped();
      return bytes >= wanted ? { outcome: "ok" } : this.#over();
    };
    return this.#until(read, ms, () => ({ bytes }));
  }

  #end(ms: number): Promise<Result> {
    let bytes = 0;
    const read = (): Result | null => {
      bytes += this.#dropped();
      return this.#over();
    };
    const { closeNotify } = this.#connection;
    const more =
      closeNotify === null ? () => ({ bytes }) : () => ({ bytes, closeNotify: this.#connection.closeNotify });
    return this.#until(read, ms, more);
  }

  async #together({ connections, ms }: ActOf<"together">, nth: number): Promise<Result> {
    let isReleased = false;
    const release = (): void => {
      isReleased = true;
      this.#connection.waiting.ring();
    };
    this.#gathering.reach(nth, connections, release);
    const result = await this.#until(() => (isReleased ? { outcome: "ok" } : null), ms);
    this.#gathering.leave(nth, release);
    return result;
  }

  /** Waits for a time, unless `ready` has a result before. */
  async #wait(ms: number, ready: () => Result | null = () => null): Promise<Result> {
    const result = await this.#until(ready, ms);
    return result.outcome === "timeout" ? { outcome: "ok" } : result;
  }

  /**
   * Connection 1 waits until the other end ends it. The others wait until they have been idle for as long, or nearly; they fail when the other
   * end ends them before.
   */
  async #idle({ spreadMs, ms }: ActOf<"idle">): Promise<Result> {
    const { number, of } = this.#place;
    const over = (): Result | null => this.#over();
    if (number === 1) {
      const result = await this.#until(over, ms);
      const { ended } = this.#connection;
      if (ended !== null) this.#idleTime.found(ended.idleUs / 1000);
      return result;
    }
    this.#idleTime.whenFound(() => this.#connection.waiting.ring());
    const known = await this.#until(
      () => over() ?? (this.#idleTime.ms === null ? null : { outcome: "ok" }),
      ms,
    );
    if (known.outcome !== "ok") return known;
    const dueMs = (this.#idleTime.ms ?? 0) + offsetMs(number, of, spreadMs);
    return this.#wait(dueMs - this.#connection.idleMs, over);
  }

  /** Only a signal ends it. */
  async #stay(): Promise<Result> {
    await this.#until(() => null, FOREVER_MS);
    return { outcome: "ok" };
  }

  #shutdown(): Promise<Result> {
    let isDone = false;
    this.#connection.line.shutdown(() => {
      isDone = true;
      this.#connection.waiting.ring();
    });
    return this.#until(() => (isDone ? { outcome: "ok" } : this.#broken()), LIMIT_MS);
  }

  #dropped(): number {
    const bytes = this.#connection.inbox.drop();
    this.#connection.hasRead();
    return bytes;
  }

  #written(text: StepText): Buffer {
    const latin1 = text.join(String(this.#place.number));
    this.#asked.sent(latin1);
    return Buffer.from(latin1, "latin1");
  }
}
