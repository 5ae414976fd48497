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
  type DirectorSays,
  type ObserverSays,
  type PartOrder,
  type PlayersSay,
} from "./message.ts";

/** Those who run programs, and what they said of themselves. */
interface Players {
  peer: LineSocket;
  said: Extract<PlayersSay, { kind: "players" }>;
}

/** The observer of one host of a trial: it looks, hears the programs, writes both down, and does what the director says. */
export class HostObserver {
  readonly #host: HostName;
  readonly #players = new Map<ProgramName, Players>();
  readonly #pids = new Map<ProgramName, number>();
  /** What is known of one who joins late would be nothing: the order waits for all. */
  #waiting: (() => void)[] = [];
  #director: LineSocket | undefined;
  #trial: PartRecording | undefined;
  #over = false;

  private constructor(host: HostName) {
    this.#host = host;
  }

  /** Waits at the folder for the director and for those who run the host's programs. Throws what the file system said. */
  static async open(folder: string, host: HostName): Promise<Server> {
    const observer = new HostObserver(host);
    return waitAt(observerPath(folder, host), (peer) => observer.#greet(peer));
  }

  /** The first line says who it is. */
  #greet(peer: LineSocket): void {
    let heed: ((line: string) => void) | undefined;
    let lost = (): void => {};
    peer.listen(
      (line) => {
        if (heed !== undefined) {
          heed(line);
          return;
        }
        const said = JSON.parse(line) as DirectorSays | PlayersSay;
        if (said.kind === "director") {
          this.#director = peer;
          heed = (next) => void this.#obey(JSON.parse(next) as DirectorSays);
          lost = () => this.#fault("the director of the trial is gone");
          void this.#obey(said);
        } else if (said.kind === "players") {
          for (const program of said.programs) this.#players.set(program, { peer, said });
          heed = said.becomes ? this.#become(said.programs[0] ?? "") : (next) => this.#hear(next);
          lost = () => this.#lost(said.programs);
          for (const wake of this.#waiting.splice(0)) wake();
        }
      },
      () => lost(),
    );
  }

  async #obey(said: DirectorSays): Promise<void> {
    try {
      if (said.kind === "director") await this.#order(said.order);
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
    while (wanted.some(([name]) => !this.#players.has(name)))
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    const here = namespacesHere();
    for (const [name] of wanted) {
      const there = this.#players.get(name)?.said.namespaces ?? [];
      const other = SHARED_NAMESPACES.find((_, nth) => there[nth] !== here[nth]);
      if (other !== undefined)
        throw new Error(
          `the observer of ${this.#host} is not in the ${other} namespace of the program ${name}, and would see nothing of it`,
        );
    }
    this.#trial = new PartRecording(this.#host, order, this.#pids, {
      saw: (sample) => this.#tell({ kind: "saw", sample: withoutExamples(sample) }),
      fault: (because) => this.#fault(because),
    });
    for (const { peer } of new Set(this.#players.values())) peer.say({ kind: "order", setup: order.setup });
  }

  #start(program: ProgramName): void {
    const players = this.#players.get(program);
    if (players === undefined) throw new Error(`nobody runs the program ${program}`);
    if (players.said.becomes) {
      this.#learn(this.#recorded.programSample(program, "started", players.said.pid));
      this.#watchFor(program, players.said.pid);
    }
    players.peer.say({ kind: "start", program });
  }

  /** A server that does not say when it is ready. */
  #watchFor(program: ProgramName, pid: number): void {
    const trial = this.#recorded;
    const port = trial.listensOf(program);
    if (port === undefined) return;
    whenListening(
      { namespace: currentNamespace(this.#host) },
      port,
      () => !this.#over,
      () => this.#learn({ ...trial.programSample(program, "ready", pid), port }),
    );
  }

  /** What a program prints that has taken the place of the process that spoke to us. */
  #become(program: ProgramName): (line: string) => void {
    return (line) => {
      if (this.#trial === undefined || this.#over) return;
      const pid = this.#players.get(program)?.said.pid ?? null;
      const port = /^ready (\d{1,5})$/.exec(line)?.[1];
      if (port !== undefined && this.#trial.listensOf(program) === undefined) {
        this.#learn({ ...this.#trial.programSample(program, "ready", pid), port: Number(port) });
        return;
      }
      if (!line.startsWith("{")) return;
      const sample = reportSample(program, JSON.parse(line) as Record<string, unknown>, this.#trial.clock);
      if (typeof sample === "string") this.#fault(`the program ${program} said nonsense: ${sample}`);
      else this.#trial.append(sample);
    };
  }

  #hear(line: string): void {
    if (this.#trial === undefined || this.#over) return;
    const said = JSON.parse(line) as PlayersSay;
    if (said.kind === "fault") this.#fault(said.because);
    if (said.kind !== "told") return;
    const moment = this.#trial.clock.momentOf(said.originUs + said.sample.atUs);
    const sample = { ...said.sample, ...moment };
    if (sample.kind === "program") this.#learn(sample);
    else this.#trial.append(sample);
  }

  /** Something became of a program. */
  #learn(sample: ProgramSample): void {
    const { program, event, pid, port } = sample;
    if (event === "started" && pid !== null) this.#pids.set(program, pid);
    if (event === "exited" || event === "failed") this.#pids.delete(program);
    this.#recorded.append(sample);
    if (event === "ready" && port !== undefined) this.#check(program, port, pid);
    this.#tell({ kind: "saw", sample });
  }

  /** A program's word is not taken for what the kernel can show; and what we may not see, we cannot have looked at. */
  #check(program: ProgramName, port: number, pid: number | null): void {
    if (!listensOn({ namespace: currentNamespace(this.#host) }, port))
      this.#fault(
        `the server ${program} said "ready ${port}", and nothing on ${this.#host} listens on port ${port}`,
      );
    if (pid !== null && this.#recorded.looksAtProcesses && !seesSockets(pid))
      this.#fault(
        `the observer of ${this.#host} may not read /proc/${pid}/fd, the descriptors of ${program}: ` +
          "it needs that program's user, or the capability SYS_PTRACE (cap_add)",
      );
  }

  /** A connection ended that should last as long as its programs. */
  #lost(programs: ProgramName[]): void {
    for (const program of programs) this.#players.delete(program);
    if (this.#trial === undefined || this.#over) return;
    const because = `ended, with its container or in it`;
    for (const program of programs) {
      this.#recorded.append({ ...this.#recorded.programSample(program, "failed", null), because });
    }
    this.#fault(`${programs.join(", ")} on ${this.#host} ${because}: its log says more`);
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
    this.#director?.say(said);
  }

  get #recorded(): PartRecording {
    if (this.#trial === undefined) throw new Error(`the observer of ${this.#host} has no order yet`);
    return this.#trial;
  }
}

/** Its names may be listed by who may not read them: a program that listens and holds no socket is one that we may not look into. */
function seesSockets(pid: number): boolean {
  return (readDescriptors(pid)?.sockets.length ?? 0) > 0;
}

function withoutExamples(sample: SocketsSample | CountersSample): SocketsSample | CountersSample {
  if (sample.kind !== "sockets") return sample;
  return { ...sample, groups: sample.groups.map((group) => ({ ...group, examples: [] })) };
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
