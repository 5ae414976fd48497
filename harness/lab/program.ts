import { spawn, type ChildProcess } from "node:child_process";
import { askForSessionPriority } from "../kernel/urgency.ts";
import { inside } from "../kernel/namespace.ts";
import { Deadline, waitedBy } from "./deadline.ts";
import type { ProgramName } from "../model/names.ts";
import type { ProgramPlan } from "../model/setup.ts";
import { executableOf, SEARCHED } from "./executable.ts";
import type { Host } from "./world.ts";

/** How many of a program's last lines are kept, and how long each may be. */
const LINES_KEPT = 20;
const LINE_LENGTH = 500;
/** How long a program that is gone may be heard when somebody else still holds its output. */
const LAST_WORDS_MS = 200;

export interface ProgramEvents {
  /** A line of JSON that the program printed, parsed. */
  onReport: (report: Record<string, unknown>) => void;
  /** The server's `ready <port>`. */
  onReady: (port: number) => void;
  /** It is gone, whoever ended it. `asked` says that the trial had told it to. */
  onExit: (exit: { code: number | null; signal: string | null; asked: boolean }) => void;
}

/** What is executed for the words of a plan, in which nothing is left to be filled in. Throws when its file is not there. */
export function commandOf(
  { limits: { nofile } }: ProgramPlan,
  { baseDir, run: [program, ...args] }: { baseDir: string; run: ProgramPlan["run"] },
): [string, ...string[]] {
  const command: [string, ...string[]] = [...executableOf(program, baseDir), ...args];
  return nofile === undefined ? command : ["prlimit", `--nofile=${nofile}:${nofile}`, ...command];
}

/** All the environment that a program gets. */
export function programEnvironment(): Record<string, string> {
  return { PATH: SEARCHED.join(":") };
}

/** A server or client as a process of its own, in a host, in a process group of its own. */
export class Program {
  readonly name: ProgramName;
  readonly plan: ProgramPlan;
  readonly pid: number;
  readonly lastLines: string[] = [];
  /** Its process is gone. */
  exited = false;
  /** It has exited, and its output was read to the end: its last lines may stay in the pipe for a while. */
  over = false;
  readyPort: number | null = null;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #asked = false;

  /**
   * Starts it. In the words of `run` nothing is left to be filled in. Of the environment it gets PATH, and nothing else.
   * Throws when its file or its command is not there, or when it cannot be spawned.
   */
  constructor(
    name: ProgramName,
    plan: ProgramPlan,
    host: Host,
    where: { baseDir: string; run: ProgramPlan["run"] },
    events: ProgramEvents,
  ) {
    this.name = name;
    this.plan = plan;
    const [executable, ...rest] = commandOf(plan, where);
    // Spawned on the main thread inside the host, so the child is born there. `detached` gives it a process group and
    // session of its own: a signal to it reaches its helpers and nobody else.
    this.#child = inside(host.namespace, () =>
      spawn(executable, rest, {
        cwd: where.baseDir,
        detached: true,
        env: programEnvironment(),
        stdio: ["ignore", "pipe", "pipe"],
      }),
    );
    if (this.#child.pid === undefined) {
      this.#child.on("error", () => {});
      throw new Error(
        `the program ${name} (${plan.run[0]}) could not be started: ${executable} cannot be run`,
      );
    }
    this.pid = this.#child.pid;
    askForSessionPriority(this.pid);
    this.#ended = new Promise((resolve) => this.#listen(events, resolve));
  }

  /** Sends a signal to the process alone. A process that is gone takes none. */
  signal(signal: NodeJS.Signals): void {
    if (!this.exited) this.#child.kill(signal);
  }

  /** Marks its end as wanted: what follows is no failure. */
  expectExit(): void {
    this.#asked = true;
  }

  /** Ends it and all of its process group: SIGTERM, and SIGKILL for what is still there after the grace. */
  async end(graceMs: number): Promise<void> {
    this.expectExit();
    if (!this.exited) {
      // A stopped process takes a SIGTERM only when it goes on.
      this.#signalGroup("SIGTERM");
      this.#signalGroup("SIGCONT");
      await this.#isOver(graceMs);
    }
    this.#signalGroup("SIGKILL");
    await this.#isOver(graceMs);
  }

  #signalGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // No process of the group is left.
    }
  }

  /** Waits until it is over, with a bound. */
  async #isOver(withinMs: number): Promise<void> {
    const bound = new Deadline(
      withinMs,
      waitedBy(() => [process.pid, this.pid]),
    );
    let ended = (): void => {};
    const late = new Promise<void>((resolve) => {
      ended = bound.whenOver(resolve);
    });
    await Promise.race([this.#ended, late]);
    ended();
  }

  #listen(events: ProgramEvents, whenOver: () => void): void {
    const { stdout, stderr } = this.#child;
    if (stdout !== null) eachLine(stdout, (line) => this.#say(line, events));
    if (stderr !== null) eachLine(stderr, (line) => this.#keep(line));
    this.#child.on("error", (error) => this.#keep(String(error)));
    this.#child.on("exit", (code, signal) => {
      this.exited = true;
      // The last lines may still be in the pipe; a helper that inherited it must not keep us waiting for them.
      const tell = once(() => {
        this.over = true;
        events.onExit({ code, signal, asked: this.#asked });
        whenOver();
      });
      this.#child.once("close", tell);
      // After a look at the pipes: on a busy machine the time may be up before they were read at all.
      setTimeout(() => setImmediate(tell), LAST_WORDS_MS);
    });
  }

  #say(line: string, events: ProgramEvents): void {
    const ready = /^ready (\d{1,5})$/.exec(line);
    if (ready !== null && this.readyPort === null) {
      this.readyPort = Number(ready[1]);
      events.onReady(this.readyPort);
      return;
    }
    const report = line.startsWith("{") ? parseObject(line) : null;
    if (report === null) this.#keep(line);
    else events.onReport(report);
  }

  #keep(line: string): void {
    this.lastLines.push(printable(line.slice(0, LINE_LENGTH)));
    if (this.lastLines.length > LINES_KEPT) this.lastLines.shift();
  }
}

/** Without control characters: these lines are shown on a terminal, which would obey them. */
function printable(line: string): string {
  return line.replaceAll(/\p{Cc}/gu, (character) => (character === "\t" ? character : "\uFFFD"));
}

function parseObject(line: string): Record<string, unknown> | null {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return null;
  }
}

function once(f: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    f();
  };
}

/** Calls back for every line, and for what is left at the end. A line that never ends is cut at 1 MiB. */
function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = (lines.pop() ?? "").slice(0, 1 << 20);
    for (const line of lines) onLine(line);
  });
  stream.on("end", () => {
    if (rest !== "") onLine(rest);
  });
}
