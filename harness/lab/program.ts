import { spawn, type ChildProcess } from "node:child_process";
import { askForSessionPriority } from "../kernel/urgency.ts";
import { inside } from "../kernel/namespace.ts";
import { Deadline, waitedBy } from "./deadline.ts";
import type { ProgramName } from "../model/names.ts";
import type { ProgramPlan } from "../model/setup.ts";
import { executableOf, SEARCHED } from "./executable.ts";
import type { Host } from "./world.ts";

/** How many of a program's last lines are kept, and how long each may be. */
const LINES_KEPT = 40;
const LINE_LENGTH = 500;
/** How long the output of a program that has exited is still read when another process holds it open. */
const LAST_WORDS_MS = 200;

export interface ProgramEvents {
  /** A line of JSON that the program printed, parsed. */
  onReport: (report: Record<string, unknown>) => void;
  /** What the program printed on standard error and, if it is foreign, on standard output, as it comes. */
  onStandardError?: (text: string) => void;
  onStandardOutput?: (text: string) => void;
  /** The server's `ready <port>`; of a foreign one, a line with its `readyText`, and null. */
  onReady: (port: number | null) => void;
  /** It has exited, for whatever reason. `asked` is true when the trial had asked it to. */
  onExit: (exit: { code: number | null; signal: string | null; asked: boolean }) => void;
}

/**
 * The command to execute for a plan. All placeholders of `run` are filled in already. A foreign program is left as it is. Throws when the
 * program's file does not exist.
 */
export function commandOf(
  { foreign, limits: { nofile } }: ProgramPlan,
  { baseDir, run }: { baseDir: string; run: ProgramPlan["run"] },
): [string, ...string[]] {
  const [program, ...args] = run;
  const command = foreign === undefined ? ([...executableOf(program, baseDir), ...args] as const) : run;
  return nofile === undefined ? [...command] : ["prlimit", `--nofile=${nofile}:${nofile}`, ...command];
}

/** The whole environment of a program. */
export function programEnvironment(): Record<string, string> {
  return { PATH: SEARCHED.join(":") };
}

/** A server or client: a process inside a host, with its own process group. */
export class Program {
  readonly name: ProgramName;
  readonly plan: ProgramPlan;
  readonly pid: number;
  readonly lastLines: string[] = [];
  /** Its process has exited. */
  exited = false;
  /** It has exited, and its output was read to the end. That can be later, because its last lines may still be in the pipe. */
  over = false;
  #isReady = false;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;
  #asked = false;

  /**
   * Starts it. All placeholders of `run` are filled in already. Its environment is PATH, and what `environment` has. `baseDir` is also its
   * working folder. Throws when its file or its command does not exist, or when it cannot be spawned.
   */
  constructor(
    name: ProgramName,
    plan: ProgramPlan,
    host: Host,
    where: { baseDir: string; run: ProgramPlan["run"]; environment?: Record<string, string> },
    events: ProgramEvents,
  ) {
    this.name = name;
    this.plan = plan;
    const [executable, ...rest] = commandOf(plan, where);
    // The main thread is inside the host while it spawns, so the child starts there. `detached` gives the child its own process
    // group and session: a signal to the group reaches the child and its helpers only.
    this.#child = inside(host.namespace, () =>
      spawn(executable, rest, {
        cwd: where.baseDir,
        detached: true,
        env: { ...programEnvironment(), ...where.environment },
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

  /** Sends a signal to the process alone or, with `group`, to all its group. Does nothing when the process has exited. */
  signal(signal: NodeJS.Signals, { group = false } = {}): void {
    if (this.exited) return;
    if (group) this.#signalGroup(signal);
    else this.#child.kill(signal);
  }

  /** Marks its exit as expected, so that it does not count as a failure. */
  expectExit(): void {
    this.#asked = true;
  }

  /** Ends it and its whole process group: SIGTERM first, and SIGKILL for the processes that still exist after `graceMs`. */
  async end(graceMs: number): Promise<void> {
    this.expectExit();
    if (!this.exited) {
      // A stopped process handles SIGTERM only after SIGCONT.
      this.#signalGroup("SIGTERM");
      this.#signalGroup("SIGCONT");
      await this.isOver(graceMs);
    }
    this.#signalGroup("SIGKILL");
    await this.isOver(graceMs);
  }

  #signalGroup(signal: NodeJS.Signals): void {
    try {
      process.kill(-this.pid, signal);
    } catch {
      // The group has no process any more.
    }
  }

  /** Waits until it is over, but no longer than `withinMs`. */
  async isOver(withinMs: number): Promise<void> {
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
    if (stderr !== null) {
      eachLine(stderr, (line) => this.#sayForeign(line, events));
      const { onStandardError } = events;
      if (onStandardError !== undefined) stderr.on("data", onStandardError);
    }
    const { onStandardOutput } = events;
    if (this.plan.foreign !== undefined && onStandardOutput !== undefined)
      stdout?.on("data", onStandardOutput);
    this.#child.on("error", (error) => this.#keep(String(error)));
    this.#child.on("exit", (code, signal) => {
      this.exited = true;
      // The last lines may still be in the pipe. But a helper that inherited the pipe must not make this wait for ever.
      const tell = once(() => {
        this.over = true;
        events.onExit({ code, signal, asked: this.#asked });
        whenOver();
      });
      this.#child.once("close", tell);
      // setImmediate runs after the pipes were read. On a busy machine, the timer can fire before the first read.
      setTimeout(() => setImmediate(tell), LAST_WORDS_MS);
    });
  }

  #sayForeign(line: string, events: ProgramEvents): void {
    this.#keep(line);
    const { foreign } = this.plan;
    if (this.#isReady || foreign?.readyText === undefined || !line.includes(foreign.readyText)) return;
    this.#isReady = true;
    events.onReady(null);
  }

  #say(line: string, events: ProgramEvents): void {
    if (this.plan.foreign !== undefined) return this.#sayForeign(line, events);
    const ready = /^ready (\d{1,5})$/.exec(line);
    if (ready !== null && !this.#isReady) {
      this.#isReady = true;
      events.onReady(Number(ready[1]));
      return;
    }
    const object = line.startsWith("{") ? parseObject(line) : null;
    // A server's own log can be JSON, too. A report has a kind.
    const report = typeof object?.["kind"] === "string" ? object : null;
    if (report === null) this.#keep(line);
    else events.onReport(report);
  }

  #keep(line: string): void {
    this.lastLines.push(printable(line.slice(0, LINE_LENGTH)));
    if (this.lastLines.length > LINES_KEPT) this.lastLines.shift();
  }
}

/** A line without control characters. It is printed to a terminal, which would execute them. */
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

/** Calls back for every line, and at the end for an unfinished one. An unfinished line is cut at 1 MiB. */
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
