import { once } from "node:events";
import { parentPort, Worker } from "node:worker_threads";
import type { Beginning } from "./beginning.ts";
import { monotonicUs } from "./clock.ts";
import { Part } from "./part.ts";
import type { Load } from "./part.ts";
import type { Share } from "./share.ts";

/** A message to a thread. */
type Order = { kind: "begin"; atUs: number } | { kind: "stop" };
/** A message from a thread: it is ready to begin, or it is over. */
type Word = { kind: "ready" } | { kind: "over"; fault: string | null };

/** How long before the beginning the threads get the message to begin. */
const NOTICE_US = 5_000;

/** The threads of a load, seen from the main thread. Each runs the same program with the same arguments. */
export class Threads {
  readonly #workers: Worker[];
  readonly #faults: string[] = [];
  #ready = 0;

  constructor(count: number, args: string[]) {
    this.#workers = Array.from({ length: count }, (_, index) => {
      const share: Share = { thread: index + 1, threads: count };
      return new Worker(process.argv[1] ?? "", { argv: args, workerData: share });
    });
  }

  /**
   * Begins when all threads are ready and the time for the beginning has come. Resolves when all threads have ended, with the faults
   * in words; null: no fault.
   */
  async run(beginning: Beginning): Promise<string | null> {
    await Promise.all(this.#workers.map((worker, index) => this.#follow(worker, index + 1, beginning)));
    return this.#faults.length === 0 ? null : this.#faults.join("\n");
  }

  /** Ends all threads at their next turn; the results so far are reported. */
  stop(): void {
    this.#tell({ kind: "stop" });
  }

  /** Reads and drops the threads' output, because nothing else reads it any more. A thread cannot end before its output is read. */
  discard(): void {
    for (const worker of this.#workers) worker.stdout.resume();
  }

  /** Follows one thread until its exit. If the thread fails, the others are stopped. */
  async #follow(worker: Worker, thread: number, beginning: Beginning): Promise<void> {
    let over = false;
    const fail = (fault: string): void => {
      this.#faults.push(`thread ${thread}: ${fault}`);
      this.stop();
    };
    worker.on("message", (word: Word) => {
      if (word.kind === "over") {
        over = true;
        if (word.fault !== null) fail(word.fault);
        return;
      }
      this.#ready += 1;
      if (this.#ready === this.#workers.length) void this.#begin(beginning);
    });
    worker.on("error", (error) => {
      over = true;
      fail(error.stack ?? error.message);
    });
    await once(worker, "exit").catch(() => {});
    if (!over) fail("it ended too early");
  }

  async #begin(beginning: Beginning): Promise<void> {
    const atUs = await beginning.whenPrepared();
    this.#tell({ kind: "begin", atUs: Math.max(monotonicUs() + NOTICE_US, atUs) });
  }

  #tell(order: Order): void {
    for (const worker of this.#workers) worker.postMessage(order);
  }
}

/** Runs one thread: prepares its part, begins on the message to begin, and sends a message when it is over. */
export async function playPart(load: Load, share: Share): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error("this is the main thread");
  const part = await Part.prepare(load, share);
  const begin = new Promise<number>((resolve) => {
    port.on("message", (order: Order) => {
      if (order.kind === "stop") part.stop();
      // A thread that is stopped before its beginning need not wait for the message to begin.
      resolve(order.kind === "begin" ? order.atUs : monotonicUs());
    });
  });
  port.postMessage({ kind: "ready" } satisfies Word);
  const fault = await part.run(await begin);
  port.postMessage({ kind: "over", fault } satisfies Word);
  port.close();
}
