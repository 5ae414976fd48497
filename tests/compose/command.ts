import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

/** The time limit of a command. The commands of pages end far sooner. */
const WITHIN_MS = 120_000;

/** The result of a command: its exit code, and everything that it printed. */
export interface Ended {
  code: number | null;
  said: string;
  seconds: number;
}

/** Searched once, when it is first needed, because it may have to be installed before that. */
let found: string[] | undefined;

/** The Compose command of this machine: `docker compose` (version 2), or `docker-compose` (version 1, or a link to version 2). */
export function composeWords(): string[] {
  const hasPlugin = (): boolean =>
    spawnSync("docker", ["compose", "version"], { stdio: "ignore" }).status === 0;
  found ??= hasPlugin() ? ["docker", "compose"] : ["docker-compose"];
  return found;
}

/** A line of a page, changed for a shell without a terminal, and for the Compose command of this machine. */
export function asPrinted(line: string): string {
  const compose = composeWords().join(" ");
  return line.replace("docker compose", compose).replace(/(compose -f \S+ (?:exec|run))(?= )/, "$1 -T");
}

/** Runs a line in sh to its end. */
export function sh(line: string, env: NodeJS.ProcessEnv, withinMs = WITHIN_MS, cwd?: string): Ended {
  const beganMs = performance.now();
  const ran = spawnSync("sh", ["-c", line], { env, cwd, encoding: "utf8", timeout: withinMs });
  return { code: ran.status, said: `${ran.stdout}${ran.stderr}`, seconds: since(beganMs) };
}

/** A command that runs while other commands run. */
export class Running {
  readonly #child: ChildProcess;
  readonly #beganMs = performance.now();
  readonly #bound: NodeJS.Timeout;
  readonly #closed: Promise<unknown>;
  said = "";

  /** Whenever output arrives, `hear` gets everything that was printed so far. */
  constructor(
    words: string[],
    env: NodeJS.ProcessEnv,
    cwd?: string,
    hear: (said: string) => void = () => {},
  ) {
    const [command = "", ...args] = words;
    const child = spawn(command, args, { env, cwd });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        this.said += text;
        hear(this.said);
      });
    }
    this.#child = child;
    this.#closed = once(child, "close");
    this.#bound = setTimeout(() => child.kill("SIGKILL"), WITHIN_MS);
  }

  get hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Does what Ctrl+C at its terminal does. */
  interrupt(): void {
    this.#child.kill("SIGINT");
  }

  /** Waits for the command's end. */
  async end(): Promise<Ended> {
    await this.#closed;
    clearTimeout(this.#bound);
    return { code: this.#child.exitCode, said: this.said, seconds: since(this.#beganMs) };
  }
}

function since(beganMs: number): number {
  return Math.round((performance.now() - beganMs) / 100) / 10;
}
