import { once } from "node:events";
import { parentPort, Worker } from "node:worker_threads";
import { monotonicUs, sinceStartUs } from "./clock.ts";
import { Part } from "./part.ts";
import type { Load } from "./part.ts";
import type { Share } from "./share.ts";

/** To a thread. */
type Order = { kind: "begin"; atUs: number } | { kind: "stop" };
/** From a thread, when it could begin, and when it is over. */
type Word = { kind: "ready" } | { kind: "over"; fault: string | null };

/** How long threads have from the word to the beginning. */
const NOTICE_US = 5_000;

/** The threads of a load, as the main thread has them. Each runs this very program with the same arguments. */
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

  /** Begins when all threads are ready, and a delay later. Resolves when all are over, with what went wrong, in words. */
  async run(delayMs: number): Promise<string | null> {
    await Promise.all(this.#workers.map((worker, index) => this.#follow(worker, index + 1, delayMs)));
    return this.#faults.length === 0 ? null : this.#faults.join("\n");
  }

  /** Ends all of them at their next turn; what was measured is told. */
  stop(): void {
    this.#tell({ kind: "stop" });
  }

  /** Takes what they say, since nobody else does any longer: a thread waits for its last word to be taken, or for ever. */
  discard(): void {
    for (const worker of this.#workers) worker.stdout.resume();
  }

  /** What one thread does until it is gone. If it dies, the others need not go on. */
  async #follow(worker: Worker, thread: number, delayMs: number): Promise<void> {
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
      if (this.#ready === this.#workers.length) this.#begin(delayMs);
    });
    worker.on("error", (error) => {
      over = true;
      fail(error.stack ?? error.message);
    });
    await once(worker, "exit").catch(() => {});
    if (!over) fail("it ended before its time");
  }

  #begin(delayMs: number): void {
    this.#tell({ kind: "begin", atUs: Math.max(monotonicUs() + NOTICE_US, sinceStartUs(delayMs)) });
  }

  #tell(order: Order): void {
    for (const worker of this.#workers) worker.postMessage(order);
  }
}

/** One thread: prepares its part, begins when it is told to, and tells when it is over. */
export async function playPart(load: Load, share: Share): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error("this is the main thread");
  const part = await Part.prepare(load, share);
  const begin = new Promise<number>((resolve) => {
    port.on("message", (order: Order) => {
      if (order.kind === "stop") part.stop();
      // One that is stopped before it began has nothing to wait for.
      resolve(order.kind === "begin" ? order.atUs : monotonicUs());
    });
  });
  port.postMessage({ kind: "ready" } satisfies Word);
  const fault = await part.run(await begin);
  port.postMessage({ kind: "over", fault } satisfies Word);
  port.close();
}
