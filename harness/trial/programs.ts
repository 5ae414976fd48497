import { Deadline, type Waited } from "../lab/deadline.ts";
import { Program } from "../lab/program.ts";
import { addressOf } from "../lab/address.ts";
import { type UserPlace, USERS_OUTPUT } from "../lab/order.ts";
import { Scratch } from "../lab/scratch.ts";
import { filledWords, serverVariables, wordsWithVariables } from "../lab/words.ts";
import { hostNamed, type World } from "../lab/world.ts";
import type { Sample } from "../model/sample.ts";
import type { HostName, ProgramName } from "../model/names.ts";
import type { ForeignPlan, ProgramPlan, Setup } from "../model/setup.ts";
import { printedBeside } from "../model/quoted.ts";
import type { TrialClock } from "./clock.ts";
import type { PrintedFiles } from "./printed-files.ts";
import { leftBehind } from "./left-behind.ts";
import { InvalidLines } from "./invalid-lines.ts";
import { listensOn } from "../observers/listening.ts";
import { whenListening } from "./when-listening.ts";
import { whereListening } from "./where-listening.ts";
import { reportSample } from "./report-sample.ts";

/** How long a program may take to end after SIGTERM before its whole group is killed. */
const GRACE_MS = 1_000;

/** How long a server that is ready and does not listen gets to end by itself, as a failed interpreter does, before that is the failure. */
const ENDS_SOON_MS = 500;

/** How long a process that a server has left behind gets to listen. */
const LISTENS_SOON_MS = 1_000;

/** The most lines of JSON that one program may print. Without a limit, a faulty program could fill the disk. */
const MOST_REPORTS = 1_000_000;

/** Where programs run: the setup, its hosts, and the folder that relative paths start from. */
export interface ProgramsPlace {
  setup: Setup;
  world: World;
  baseDir: string;
  clock: TrialClock;
  /** Where foreign programs run. Absent: there are none. */
  user?: UserPlace;
  /** Where what they print is kept. Absent in a container, whose log has it. */
  printed?: PrintedFiles;
  /** For how long the programs were ready to run and had no processor. */
  waited: Waited;
}

/** The programs of a trial. It starts and ends them, and records as samples what becomes of them and what they print. */
export class Programs {
  readonly #place: ProgramsPlace;
  readonly #append: (sample: Sample) => void;
  readonly #onFault: (because: string) => void;
  readonly #programs = new Map<ProgramName, Program>();
  readonly #waiting = new Map<ProgramName, (port: number) => void>();
  /** The programs that have become ready since their last start, and their ports. */
  readonly #ready = new Map<ProgramName, number>();
  readonly #scratch = new Scratch();

  constructor(place: ProgramsPlace, append: (sample: Sample) => void, onFault: (because: string) => void) {
    this.#place = place;
    this.#append = append;
    this.#onFault = onFault;
  }

  /** The pids of a host's programs. */
  roots(host: HostName): Map<ProgramName, number> {
    const running = [...this.#programs.values()].filter((program) => program.plan.host === host);
    return new Map(running.map((program) => [program.name, program.pid]));
  }

  /** The pids of the children that Node itself waits for. */
  pids(): Set<number> {
    return new Set(
      [...this.#programs.values()].filter((program) => !program.exited).map((program) => program.pid),
    );
  }

  /** Whether a program has exited and all its output was recorded. */
  exited(name: ProgramName): boolean {
    return this.#programs.get(name)?.over ?? false;
  }

  /** Whether a program has become ready since its last start. */
  ready(name: ProgramName): boolean {
    return this.#ready.has(name);
  }

  /** Starts a server and waits until it is ready and the kernel shows that it listens. Returns false after a failure, which is a fault. */
  async startServer(name: ProgramName): Promise<boolean> {
    const plan = this.#plan(name);
    const ready = new Promise<number | null>((resolve) => {
      const settled = new Deadline(plan.withinMs, this.#place.waited).whenOver(() => {
        this.#fail(name, this.#whyNotReady(plan));
        resolve(null);
      });
      this.#waiting.set(name, (port) => {
        settled();
        resolve(port < 0 ? null : port);
      });
    });
    const program = this.#start(name);
    if (plan.listens !== undefined || (plan.foreign !== undefined && plan.foreign.readyText === undefined))
      this.#watchFor(program);
    const port = await ready;
    return port !== null && this.#isListening(program, port);
  }

  /** Starts a client. A client that exceeds its bound is ended, and that is a fault. */
  startClient(name: ProgramName): void {
    const plan = this.#plan(name);
    const program = this.#start(name);
    new Deadline(plan.withinMs, this.#place.waited).whenOver(() => {
      if (program.exited) return;
      this.#fail(name, `did not end within ${plan.withinMs} ms`);
      void program.end(GRACE_MS);
    });
  }

  signal(name: ProgramName, signal: NodeJS.Signals, whom: { group?: boolean } = {}): void {
    const program = this.#programs.get(name);
    if (program === undefined || program.exited) throw new Error(`${name} is not running`);
    if (signal !== "SIGSTOP" && signal !== "SIGCONT") program.expectExit();
    program.signal(signal, whom);
  }

  /** Ends a server with its process group and starts it again. Returns false when it did not become ready. */
  async restart(name: ProgramName): Promise<boolean> {
    await this.#programs.get(name)?.end(GRACE_MS);
    return this.startServer(name);
  }

  /** Stops waiting for servers, because the trial has to end. */
  giveUp(): void {
    for (const name of this.#waiting.keys()) this.#settle(name, -1);
  }

  /** Ends all programs and their helpers. */
  async endAll(): Promise<void> {
    await Promise.all([...this.#programs.values()].map((program) => program.end(GRACE_MS)));
    this.#scratch.remove();
  }

  #plan(name: ProgramName): Setup["programs"][string] {
    const plan = this.#place.setup.programs[name];
    if (plan === undefined) throw new Error(`the setup has no program ${name}`);
    return plan;
  }

  #start(name: ProgramName): Program {
    const plan = this.#plan(name);
    const { setup, baseDir } = this.#place;
    const { folder, environment, writesToUser } = this.#whereRuns(plan);
    const folders = { here: baseDir, scratch: () => this.#scratch.make() };
    const run =
      plan.foreign === undefined
        ? filledWords(plan, setup, folders)
        : wordsWithVariables(plan.run, plan.foreign.reaches === undefined ? {} : environment);
    let said = 0;
    const invalid = new InvalidLines((because) => this.#fail(name, because));
    this.#ready.delete(name);
    const program = new Program(
      name,
      plan,
      hostNamed(plan.host, this.#place.world.hosts),
      { baseDir: folder, run, environment, ...(writesToUser === name && { output: USERS_OUTPUT }) },
      {
        onReport: (report) => {
          const sample = reportSample(name, report, this.#place.clock);
          said += 1;
          if (said > MOST_REPORTS) {
            if (said === MOST_REPORTS + 1)
              this.#fail(name, `printed more than ${MOST_REPORTS} lines of JSON`);
          } else if (typeof sample === "string") invalid.add(sample);
          else this.#append(sample);
        },
        onStandardError: (text) => this.#place.printed?.append(name, "stderr", text),
        onStandardOutput: (text) => this.#place.printed?.append(name, "stdout", text),
        onReady: (port) => {
          if (port !== null && plan.listens === undefined) this.#becameReady(program, port);
          if (port === null) this.#watchFor(program);
        },
        onExit: (exit) => this.#onExit(program, exit),
      },
    );
    this.#programs.set(name, program);
    this.#append({
      ...this.#place.clock.now(),
      kind: "program",
      program: name,
      event: "started",
      pid: program.pid,
    });
    return program;
  }

  #onExit(program: Program, exit: { code: number | null; signal: string | null; asked: boolean }): void {
    const { name, pid, lastLines } = program;
    const { code, signal } = exit;
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    const isDone = program.plan.role === "client" && (code === 0 || program.plan.foreign !== undefined);
    const mayEnd = program.plan.foreign?.mayEnd === true && this.#ready.has(name);
    const wanted = exit.asked || isDone || mayEnd;
    if (!wanted && program.plan.foreign !== undefined && code === 0) {
      void this.#endedWell(program);
      return;
    }
    if (!wanted) {
      const early = program.plan.role === "server" ? "ended by itself" : "failed";
      this.#fail(name, `${early}, ${how}`, { code, signal });
    } else {
      this.#append({
        ...this.#place.clock.now(),
        kind: "program",
        program: name,
        event: "exited",
        pid,
        code,
        signal,
        lastLines: [...lastLines],
        ...this.#standardErrorOf(name),
      });
    }
    // After a restart, the name belongs to the new process, and that one has not exited.
    if (this.#programs.get(name) === program) this.#settle(name, -1);
  }

  /** A foreign server has ended without an error: it has nothing more to do, or it has gone to the background. */
  async #endedWell({ name, plan }: Program): Promise<void> {
    const others = [...this.#ready].filter(([one]) => one !== name).map(([, port]) => port);
    const host = hostNamed(plan.host, this.#place.world.hosts);
    // A process in the background opens its port when its parent has gone; that of a ready server is open.
    const left = await leftBehind(host, others, this.#waiting.has(name) ? LISTENS_SOON_MS : 0);
    const where = left === null ? "" : `, and left a process behind: ${left}`;
    this.#fail(name, `ended by itself, with exit code 0${where}`, { code: 0, signal: null });
    this.#settle(name, -1);
  }

  #whereRuns({ foreign, host }: ProgramPlan): UserPlace {
    const { user, baseDir } = this.#place;
    if (foreign === undefined) return { folder: baseDir, environment: {} };
    return {
      ...user,
      folder: user?.folder ?? baseDir,
      environment: { ...user?.environment, ...foreign.environment, ...this.#reached(foreign, host) },
    };
  }

  /** The variables that say to a client where its server listens. */
  #reached({ reaches }: ForeignPlan, from: HostName): Record<string, string> {
    if (reaches === undefined) return {};
    const { host } = this.#plan(reaches.server);
    const port = reaches.port ?? this.#ready.get(reaches.server) ?? 0;
    return serverVariables(addressOf(host, from, this.#place.setup.links, 4), port);
  }

  /** A server is ready when it listens on its port or, if it has none, on any port that no other server has named. */
  #watchFor(program: Program): void {
    const { name, plan } = program;
    const others = [...this.#ready].filter(([one]) => one !== name).map(([, port]) => port);
    whenListening(
      hostNamed(plan.host, this.#place.world.hosts),
      (port) => (plan.listens === undefined ? !others.includes(port) : port === plan.listens),
      () => this.#waiting.has(name) && this.#programs.get(name) === program,
      (port) => this.#becameReady(program, port),
    );
  }

  #becameReady({ name, pid }: Program, port: number): void {
    this.#ready.set(name, port);
    this.#append({ ...this.#place.clock.now(), kind: "program", program: name, event: "ready", pid, port });
    this.#settle(name, port);
  }

  /** What a server did not do in its time, and where something listens that no other server has named. */
  #whyNotReady({ host, foreign, listens, withinMs }: ProgramPlan): string {
    const place = hostNamed(host, this.#place.world.hosts);
    const { ports, sentence } = whereListening(place, [...this.#ready.values()]);
    if (foreign?.readyText !== undefined && (sentence !== null || listens === undefined))
      return `did not print ${JSON.stringify(foreign.readyText)} within ${withinMs} ms`;
    if (foreign !== undefined && listens === undefined)
      return `did not listen on a TCP port within ${withinMs} ms`;
    if (listens !== undefined) {
      const instead = sentence === null ? "" : `, but ${sentence}`;
      return `did not listen on port ${listens} within ${withinMs} ms${instead}`;
    }
    const instead =
      sentence === null
        ? ""
        : `, but ${sentence} (a server that does not print it needs "listens: ${ports[0]}" in the setup)`;
    return `did not print "ready <port>" within ${withinMs} ms${instead}`;
  }

  /** A server that printed that it is ready must listen. One that is about to end is waited for: its end says why it does not. */
  async #isListening(program: Program, port: number): Promise<boolean> {
    const host = hostNamed(program.plan.host, this.#place.world.hosts);
    if (listensOn(host, port)) return true;
    await program.isOver(ENDS_SOON_MS);
    if (program.over) return false;
    const { sentence } = whereListening(host);
    const instead = sentence === null ? "" : `; ${sentence}`;
    this.#fail(
      program.name,
      `printed "ready ${port}", but nothing on host ${host.name} listens on port ${port}${instead}`,
    );
    return false;
  }

  #settle(name: ProgramName, port: number): void {
    this.#waiting.get(name)?.(port);
    this.#waiting.delete(name);
  }

  #standardErrorOf(name: ProgramName): { standardError?: string } {
    const file = this.#place.printed?.standardErrorOf(name);
    return file === undefined ? {} : { standardError: file };
  }

  #fail(
    name: ProgramName,
    because: string,
    exit: { code?: number | null; signal?: string | null } = {},
  ): void {
    const program = this.#programs.get(name);
    const lastLines = [...(program?.lastLines ?? [])];
    this.#append({
      ...this.#place.clock.now(),
      kind: "program",
      program: name,
      event: "failed",
      pid: program?.pid ?? null,
      because,
      lastLines,
      ...this.#standardErrorOf(name),
      ...exit,
    });
    const printed = printedBeside(because, lastLines);
    this.#onFault(`program ${name} (${this.#plan(name).run[0]}) ${because}; ${printed}`);
  }
}
