import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { entryCommand } from "../../harness/lab/entry.ts";
import { packageRoot } from "../../harness/lab/paths.ts";
import { parseSockstat } from "../../harness/observers/counters/parse.ts";
import { until } from "../lab/wait.ts";
import { CONNECT, fin, PAUSE, type Provoked, provoked, rst } from "./provoke.ts";

/** What the soak makes at most: a machine with more memory has a higher limit (tcp_init, net/ipv4/tcp.c). */
const MOST_ORPHANS = 300_000;
/** An orphan and its other end take 6.4 kB in the kernel (measured on Linux 6.18); as much again stays free. */
const BYTES_EACH = 2 * 6_400;
const FULL_WITHIN_MS = 300_000;
const GONE_WITHIN_MS = 120_000;
/** Orphans of other programs come and go. */
const OTHERS = 1000;

/** Closes of connections while the kernel has more orphans than it may have. */
export function overOrphanLimit(closes: number): Provoked {
  const all = Array.from({ length: closes }, () => [
    { calls: [CONNECT, "close"], ends: [fin("client", "close"), rst("client", "orphan-limit")] },
  ]).flat();
  return provoked(
    { server: [`listen 8080 ${closes}`], client: [...all.flatMap(({ calls }) => calls), PAUSE] },
    ...all.flatMap(({ ends }) => ends),
  );
}

/** Why the orphan limit cannot be reached here; null when it can. */
export function whyNotOverLimit(): string | null {
  const limit = orphanLimit();
  if (limit === null)
    return "net.ipv4.tcp_max_orphans is shown only in the machine's first network namespace";
  if (limit > MOST_ORPHANS) return `net.ipv4.tcp_max_orphans is ${limit}, and ${MOST_ORPHANS} is the most`;
  const free = /^MemAvailable: +(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "latin1"))?.[1] ?? "0";
  const [has, needs] = [Number(free) * 1024, limit * BYTES_EACH];
  return has >= needs ? null : `${inMiB(has)} of memory are available, and ${inMiB(needs)} are needed`;
}

/**
 * Runs something while the kernel has more orphans than net.ipv4.tcp_max_orphans: a program in a network namespace of its own makes them.
 * Meanwhile close() of any connection on the machine ends with a reset; `overMs` is how long. Returns when the orphans are gone again. Throws
 * when they cannot be made, or stay.
 */
export async function whileOverLimit<T>(work: () => Promise<T>): Promise<{ result: T; overMs: number }> {
  const before = orphans();
  const filler = await Filler.begin(orphanLimit() ?? 0);
  const ended = async (): Promise<number> => {
    await filler.end();
    return until(orphans, (count) => count <= before + OTHERS, GONE_WITHIN_MS);
  };
  let result: T;
  let overMs = 0;
  try {
    const beganMs = performance.now();
    await filler.exceed();
    result = await work();
    overMs = performance.now() - beganMs;
  } catch (error) {
    await ended();
    throw error;
  }
  const left = await ended();
  if (left <= before + OTHERS) return { result, overMs };
  const when = `${GONE_WITHIN_MS / 1000} s after the end`;
  throw new Error(`${left} orphans are left ${when}, and ${before} were there before`);
}

/** The program that makes orphans. */
class Filler {
  readonly #child: ChildProcess;
  readonly #gone: Promise<unknown>;
  #said = "";

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.#gone = once(child, "close");
    for (const stream of [child.stdout, child.stderr])
      stream?.setEncoding("utf8").on("data", (text: string) => (this.#said += text));
  }

  /** Starts it, and waits until there are nearly as many orphans as there may be. */
  static async begin(limit: number): Promise<Filler> {
    const program = fileURLToPath(new URL("../fixtures/orphans.ts", import.meta.url));
    const { executable, args } = entryCommand([process.execPath, "--import", "tsx", program, String(limit)]);
    const filler = new Filler(spawn(executable, args, { cwd: packageRoot, stdio: ["pipe", "pipe", "pipe"] }));
    await filler.#hear("full");
    return filler;
  }

  /** Waits until there are more than there may be. */
  async exceed(): Promise<void> {
    this.#child.stdin?.write("over\n");
    await this.#hear("over");
  }

  /** Ends it; its connections are reset with it. */
  async end(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#gone;
  }

  async #hear(word: string): Promise<void> {
    const isSaid = (): boolean => new RegExp(`^${word} \\d+$`, "m").test(this.#said);
    const isOver = (): boolean => this.#child.exitCode !== null || this.#child.signalCode !== null;
    await until(
      () => null,
      () => isSaid() || isOver(),
      FULL_WITHIN_MS,
    );
    if (isSaid()) return;
    await this.end();
    throw new Error(`the orphans could not be made: ${this.#said.trim() || "it took too long"}`);
  }
}

function orphanLimit(): number | null {
  try {
    return Number(readFileSync("/proc/sys/net/ipv4/tcp_max_orphans", "latin1"));
  } catch {
    return null;
  }
}

function orphans(): number {
  const counters = new Map<string, number>();
  parseSockstat(readFileSync("/proc/self/net/sockstat", "latin1"), counters);
  return counters.get("sockstat.TCP.orphan") ?? 0;
}

function inMiB(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
