import type { Server } from "node:net";
import type { CountersSample, ProgramSample, SocketsSample } from "../model/sample.ts";
import type { HostName, ProgramName } from "../model/names.ts";
import { currentNamespace } from "../kernel/namespace.ts";
import { listensOn } from "../observers/listening.ts";
import { whenListening } from "../trial/when-listening.ts";
import { readDescriptors } from "../observers/processes/proc.ts";
import { reportSample } from "../trial/report-sample.ts";
import { namespacesHere } from "./here.ts";
import { PartRecording } from "./part-recording.ts";
import { type LineSocket, waitAt } from "./line-socket.ts";
import {
  observerPath,
  SHARED_NAMESPACES,
  type CoordinatorSays,
  type ObserverSays,
  type PartOrder,
  type ProgramsSay,
} from "./message.ts";

/** A process that runs programs, and its first message. */
interface Runner {
  peer: LineSocket;
  said: Extract<ProgramsSay, { kind: "programs" }>;
}

/** The observer of one host of a trial. It takes samples, records them and the programs' samples, and follows the coordinator. */
export class HostObserver {
  readonly #host: HostName;
  readonly #runners = new Map<ProgramName, Runner>();
  readonly #pids = new Map<ProgramName, number>();
  /** An order waits here until all programs have connected, because nothing would be known of a program that connects later. */
  #waiting: (() => void)[] = [];
  #coordinator: LineSocket | undefined;
  #trial: PartRecording | undefined;
  #over = false;

  private constructor(host: HostName) {
    this.#host = host;
  }

  /** Waits in the folder for the coordinator and for the processes that run the host's programs. Throws the file system's error. */
  static async open(folder: string, host: HostName): Promise<Server> {
    const observer = new HostObserver(host);
    return waitAt(observerPath(folder, host), (peer) => observer.#greet(peer));
  }

  /** Reads a peer's first line: it shows who the peer is. */
  #greet(peer: LineSocket): void {
    let heed: ((line: string) => void) | undefined;
    let lost = (): void => {};
    peer.listen(
      (line) => {
        if (heed !== undefined) {
          heed(line);
          return;
        }
        const said = JSON.parse(line) as CoordinatorSays | ProgramsSay;
        if (said.kind === "coordinator") {
          this.#coordinator = peer;
          heed = (next) => void this.#obey(JSON.parse(next) as CoordinatorSays);
          lost = () => this.#fault("the coordinator of the trial has ended");
          void this.#obey(said);
        } else if (said.kind === "programs") {
          for (const program of said.programs) this.#runners.set(program, { peer, said });
          heed = said.becomes ? this.#become(said.programs[0] ?? "") : (next) => this.#hear(next);
          lost = () => this.#lost(said.programs);
          for (const wake of this.#waiting.splice(0)) wake();
        }
      },
      () => lost(),
    );
  }

  async #obey(said: CoordinatorSays): Promise<void> {
    try {
      if (said.kind === "coordinator") await this.#order(said.order);
      else if (said.kind === "start") this.#start(said.program);
      else if (said.kind === "begin") this.#recorded.begin(said.phase);
      else if (said.kind === "finish-phase") this.#recorded.finishPhase(said.met);
      else this.#finish(said.reason, said.because);
      this.#tell({ kind: "did", what: said.kind });
    } catch (error) {
      this.#fault(sentence(error));
    }
  }

  async #order(order: PartOrder): Promise<void> {
    const wanted = Object.entries(order.setup.programs).filter(([, plan]) => plan.host === this.#host);
    while (wanted.some(([name]) => !this.#runners.has(name)))
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const here = namespacesHere();
    for (const [name] of wanted) {
      const there = this.#runners.get(name)?.said.namespaces ?? [];
      const other = SHARED_NAMESPACES.find((_, nth) => there[nth] !== here[nth]);
      if (other !== undefined)
        throw new Error(
          `the observer of ${this.#host} is not in the ${other} namespace of the program ${name}, so it cannot see it`,
        );
    }
    this.#trial = new PartRecording(this.#host, order, this.#pids, {
      saw: (sample) => this.#tell({ kind: "saw", sample: withoutExamples(sample) }),
      fault: (because) => this.#fault(because),
    });
    for (const { peer } of new Set(this.#runners.values())) peer.say({ kind: "order", setup: order.setup });
  }

  #start(program: ProgramName): void {
    const runner = this.#runners.get(program);
    if (runner === undefined) throw new Error(`no process runs the program ${program}`);
    if (runner.said.becomes) {
      this.#learn(this.#recorded.programSample(program, "started", runner.said.pid));
      this.#watchFor(program, runner.said.pid);
    }
    runner.peer.say({ kind: "start", program });
  }

  /** Waits until a server listens that does not print when it is ready. */
  #watchFor(program: ProgramName, pid: number): void {
    const trial = this.#recorded;
    const port = trial.listensOf(program);
    if (port === undefined) return;
    whenListening(
      { namespace: currentNamespace(this.#host) },
      (one) => one === port,
      () => !this.#over,
      () => this.#learn({ ...trial.programSample(program, "ready", pid), port }),
    );
  }

  /** Returns a reader for the output of a program that has replaced the process of the first message. */
  #become(program: ProgramName): (line: string) => void {
    return (line) => {
      if (this.#trial === undefined || this.#over) return;
      const pid = this.#runners.get(program)?.said.pid ?? null;
      const port = /^ready (\d{1,5})$/.exec(line)?.[1];
      if (port !== undefined && this.#trial.listensOf(program) === undefined) {
        this.#learn({ ...this.#trial.programSample(program, "ready", pid), port: Number(port) });
        return;
      }
      if (!line.startsWith("{")) return;
      const sample = reportSample(program, JSON.parse(line) as Record<string, unknown>, this.#trial.clock);
      if (typeof sample === "string")
        this.#fault(`the program ${program} printed an invalid line: ${sample}`);
      else this.#trial.append(sample);
    };
  }

  #hear(line: string): void {
    if (this.#trial === undefined || this.#over) return;
    const said = JSON.parse(line) as ProgramsSay;
    if (said.kind === "fault") this.#fault(said.because);
    if (said.kind !== "told") return;
    const moment = this.#trial.clock.momentOf(said.originUs + said.sample.atUs);
    const sample = { ...said.sample, ...moment };
    if (sample.kind === "program") this.#learn(sample);
    else this.#trial.append(sample);
  }

  /** Takes in an event of a program. */
  #learn(sample: ProgramSample): void {
    const { program, event, pid, port } = sample;
    if (event === "started" && pid !== null) this.#pids.set(program, pid);
    if (event === "exited" || event === "failed") this.#pids.delete(program);
    this.#recorded.append(sample);
    if (event === "ready" && port !== undefined) this.#check(program, port, pid);
    this.#tell({ kind: "saw", sample });
  }

  /** Checks a server that reports that it is ready: the kernel must show a listener, and its descriptors must be readable. */
  #check(program: ProgramName, port: number, pid: number | null): void {
    if (!listensOn({ namespace: currentNamespace(this.#host) }, port))
      this.#fault(
        `the server ${program} printed "ready ${port}", but nothing on ${this.#host} listens on port ${port}`,
      );
    if (pid !== null && this.#recorded.looksAtProcesses && !seesSockets(pid))
      this.#fault(
        `the observer of ${this.#host} may not read /proc/${pid}/fd, the descriptors of ${program}: ` +
          "it needs that program's user, or the capability SYS_PTRACE (cap_add)",
      );
  }

  /** Handles the end of a connection that should have lasted until its programs ended. */
  #lost(programs: ProgramName[]): void {
    for (const program of programs) this.#runners.delete(program);
    if (this.#trial === undefined || this.#over) return;
    const because = `ended, or its container did`;
    for (const program of programs) {
      this.#recorded.append({ ...this.#recorded.programSample(program, "failed", null), because });
    }
    this.#fault(`${programs.join(", ")} on ${this.#host} ${because}: see its log`);
  }

  #fault(because: string): void {
    if (this.#over) return;
    this.#tell({ kind: "fault", because });
    this.#finish("fault", because);
  }

  #finish(reason: "completed" | "interrupted" | "fault", because: string | null): void {
    if (this.#over) return;
    this.#over = true;
    this.#trial?.finish(reason, because);
  }

  #tell(said: ObserverSays): void {
    this.#coordinator?.say(said);
  }

  get #recorded(): PartRecording {
    if (this.#trial === undefined) throw new Error(`the observer of ${this.#host} has no order yet`);
    return this.#trial;
  }
}

/** Whether the sockets of a listening program can be read. Without permission, its descriptors can be listed, but not read. */
function seesSockets(pid: number): boolean {
  return (readDescriptors(pid)?.sockets.size ?? 0) > 0;
}

function withoutExamples(sample: SocketsSample | CountersSample): SocketsSample | CountersSample {
  if (sample.kind !== "sockets") return sample;
  return { ...sample, groups: sample.groups.map((group) => ({ ...group, examples: [] })) };
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
