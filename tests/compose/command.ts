import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";

/** A command may take so long; what a page gives ends far sooner. */
const WITHIN_MS = 120_000;

/** What came of a command: its exit code, and all that was printed. */
export interface Ended {
  code: number | null;
  said: string;
  seconds: number;
}

/** Looked for once, and not before somebody asks: it may have to be installed first. */
let found: string[] | undefined;

/** Compose as this machine has it: version 2, a word of docker's, or docker-compose, which is version 1 or a link to the other. */
export function composeWords(): string[] {
  const hasPlugin = (): boolean =>
    spawnSync("docker", ["compose", "version"], { stdio: "ignore" }).status === 0;
  found ??= hasPlugin() ? ["docker", "compose"] : ["docker-compose"];
  return found;
}

/** A line of a page, for a shell that has neither a terminal nor, perhaps, version 2. */
export function asPrinted(line: string): string {
  const compose = composeWords().join(" ");
  return line.replace("docker compose", compose).replace(/(compose -f \S+ (?:exec|run))(?= )/, "$1 -T");
}

/** Runs a line by sh to its end. */
export function sh(line: string, env: NodeJS.ProcessEnv, withinMs = WITHIN_MS, cwd?: string): Ended {
  const beganMs = performance.now();
  const ran = spawnSync("sh", ["-c", line], { env, cwd, encoding: "utf8", timeout: withinMs });
  return { code: ran.status, said: `${ran.stdout}${ran.stderr}`, seconds: since(beganMs) };
}

/** A command that runs while others do. */
export class Running {
  readonly #child: ChildProcess;
  readonly #beganMs = performance.now();
  readonly #bound: NodeJS.Timeout;
  readonly #closed: Promise<unknown>;
  said = "";

  /** `hear` is given all that was said so far, at every piece. */
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

  /** As Ctrl+C at its terminal. */
  interrupt(): void {
    this.#child.kill("SIGINT");
  }

  /** Waits for its end. */
  async end(): Promise<Ended> {
    await this.#closed;
    clearTimeout(this.#bound);
    return { code: this.#child.exitCode, said: this.said, seconds: since(this.#beganMs) };
  }
}

function since(beganMs: number): number {
  return Math.round((performance.now() - beganMs) / 100) / 10;
}
