import { RECORDING_FORMAT, type Header, type Recording } from "../model/recording.ts";
import type {
  AttemptSample,
  CountersSample,
  EndSample,
  ListenersSample,
  Moment,
  PacketSample,
  PressureSample,
  ProcessesSample,
  ProcessRow,
  Sample,
  SocketExample,
  SocketGroup,
  SocketsSample,
} from "../model/sample.ts";
import type { ExactExpectation } from "../model/expectation.ts";
import type { Fact, FailureMode, Variant } from "../model/experiment.ts";
import type { HostName, PhaseName } from "../model/names.ts";
import type { Setup } from "../model/setup.ts";
import type { Side, TcpState } from "../model/state.ts";
import type { WirePlan } from "../model/wire.ts";

// Hand-made recordings for tests. Properties that a test does not give have plain values. Times are in milliseconds.

/** A moment of a phase. */
export function at(ms: number, phase: PhaseName | "setup" = "load"): Moment {
  return { atUs: Math.round(ms * 1000), phase };
}

/** A valid setup: one server, one client, one link. */
export function plainSetup(changes: Partial<Setup> = {}): Setup {
  const program = { limits: {}, withinMs: 5000 };
  return {
    hosts: { client: { sysctls: {} }, server: { sysctls: { "net.ipv4.tcp_tw_reuse": "0" } } },
    links: [{ kind: "direct", between: ["client", "server"] }],
    programs: {
      server: { ...program, host: "server", run: ["close-wait-leak/buggy"], role: "server" },
      load: { ...program, host: "client", run: ["clients/short-tcp"], role: "client" },
    },
    phases: [
      { name: "load", until: { exited: ["load"] }, withinMs: 5000 },
      { name: "drain", until: { elapsedMs: 100 } },
    ],
    interventions: [],
    observers: { sockets: { everyMs: 50 }, counters: { everyMs: 50 } },
    ...changes,
  };
}

/** A wire between the two hosts that passes everything at once. */
export function plainWire(changes: Partial<WirePlan> = {}): WirePlan {
  const line = { delayMs: [0, 0] as [number, number], bitsPerSecond: null, loss: 0, seed: 1, rules: [] };
  return { kind: "wire", between: ["client", "server"], ...line, ...changes };
}

/** A variant of an experiment, with these expectations. */
export function plainVariant(exact: ExactExpectation[] = []): Variant {
  return { summary: "s", setup: plainSetup(), exact };
}

const NAMED = { id: "close-wait-leak", title: "t", question: "q", tags: [] };

/** A fact with these variants. */
export function plainFact(variants: Fact["variants"]): Fact {
  return { kind: "fact", ...NAMED, variants };
}

/** A failure mode with this symptom; without variants of its own, it has the variants buggy and fixed, which expect nothing. */
export function plainMode(
  symptom: FailureMode["symptom"],
  variants: FailureMode["variants"] = { buggy: plainVariant(), fixed: plainVariant() },
): FailureMode {
  return { kind: "failure-mode", ...NAMED, symptom, overlaps: {}, variants };
}

/** A header of this format. */
export function plainHeader(changes: Partial<Header> = {}): Header {
  return {
    kind: "header",
    format: RECORDING_FORMAT,
    experiment: "close-wait-leak",
    variant: "buggy",
    setup: plainSetup(),
    kernel: { release: "6.18.0", machine: "x64" },
    node: "v20.20.0",
    bootId: "00000000-0000-4000-8000-000000000000",
    originUs: 1_000_000,
    startedAt: "2026-03-01T12:00:00.000Z",
    sysctls: { client: { "net.ipv4.ip_local_port_range": "40000\t40046" }, server: {} },
    addresses: { client: ["192.0.2.1"], server: ["192.0.2.2"] },
    ...changes,
  };
}

/** A complete recording of these samples. If they have no end, one is appended. */
export function handMade(samples: Sample[], changes: Partial<Header> = {}): Recording {
  const ended = samples.some((sample) => sample.kind === "end");
  return {
    header: plainHeader(changes),
    samples: ended ? samples : [...samples, completed()],
    cutOff: null,
    sealed: true,
  };
}

/** The end of a completed trial. */
export function completed(): EndSample {
  return { ...at(9000, "end"), kind: "end", reason: "completed" };
}

/** A look at the sockets of a host. */
export function socketsAt(moment: Moment, host: HostName, groups: SocketGroup[]): SocketsSample {
  return { ...moment, kind: "sockets", host, groups };
}

/** `count` equal sockets on port 8080, with empty queues and no timer. */
export function group(
  state: TcpState,
  side: Side,
  count: number,
  changes: Partial<SocketGroup> = {},
): SocketGroup {
  return {
    state,
    side,
    port: 8080,
    timer: "none",
    receiveQueue: "empty",
    sendQueue: "empty",
    owner: side === "listener" ? "listener" : "process",
    count,
    examples: [],
    ...changes,
  };
}

/** A socket at port 8080, with empty queues and no timer. */
export function exampleOf(changes: Partial<SocketExample> = {}): SocketExample {
  const queues = { receiveQueueBytes: 0, sendQueueBytes: 0, timerMs: 0, retransmits: 0 };
  const ends = { local: "192.0.2.2:8080", remote: "192.0.2.1:40001" };
  return { ...ends, ...queues, uid: 0, inode: 7, pids: [], ...changes };
}

/** A look at the counters of a host. */
export function countersAt(moment: Moment, host: HostName, deltas: Record<string, number>): CountersSample {
  return { ...moment, kind: "counters", host, deltas };
}

/** A look at one listener of a host, on port 8080. */
export function listenerAt(moment: Moment, host: HostName, queue: number, backlog: number): ListenersSample {
  const listener = { address: "192.0.2.2", port: 8080, queue, backlog, inode: 7 };
  return { ...moment, kind: "listeners", host, listeners: [listener] };
}

/** A look at the processes of a host. By default all are named `node`. */
export function processesAt(
  moment: Moment,
  host: HostName,
  rows: (Partial<ProcessRow> & { pid: number })[],
  shared: ProcessesSample["shared"] = [],
): ProcessesSample {
  const plain = {
    parentPid: 1,
    program: "server",
    name: "node",
    descriptors: 20,
    sockets: 1,
    rssBytes: 4096,
    cpuMs: 1,
  };
  const processes = rows.map((row) => ({ ...plain, ...row }));
  return { ...moment, kind: "processes", host, processes, shared, sharedCount: shared.length };
}

/** A pressure sample: how many milliseconds the trial's tasks have waited for a processor so far. No look and no turn was late. */
export function pressureAt(
  moment: Moment,
  waitedMs: Record<string, number>,
  changes: Partial<PressureSample> = {},
): PressureSample {
  const { trial = 0, ...programs } = waitedMs;
  const time = (ms: number): { ranUs: number; waitedUs: number } => ({ ranUs: 1000, waitedUs: ms * 1000 });
  return {
    ...moment,
    kind: "pressure",
    suspendedUs: 0,
    lookLateUs: 0,
    turnLateUs: 0,
    trial: time(trial),
    programs: Object.fromEntries(Object.entries(programs).map(([name, ms]) => [name, time(ms)])),
    wires: [],
    ...changes,
  };
}

/** An attempt that ended `ok` after 3 ms, over its own connection. */
export function attemptAt(
  moment: Moment,
  attempt: number,
  changes: Partial<AttemptSample> = {},
): AttemptSample {
  return {
    ...moment,
    kind: "attempt",
    program: "load",
    attempt,
    connection: attempt,
    localPort: 40_000 + attempt,
    connectMs: 1,
    firstByteMs: 2,
    totalMs: 3,
    outcome: "ok",
    ...changes,
  };
}

/** A segment that the first wire passed at once. By default it belongs to the first connection, between ports 40001 (client) and 8080. */
export function packetAt(
  moment: Moment,
  from: "client" | "server",
  flags: PacketSample["flags"],
  changes: Partial<PacketSample> = {},
): PacketSample {
  const ports = { client: 40_001, server: 8080 };
  const to = from === "client" ? "server" : "client";
  return {
    ...moment,
    kind: "packet",
    link: 0,
    from,
    to,
    connection: 1,
    fromPort: ports[from],
    toPort: ports[to],
    flags,
    sequence: 1,
    acknowledgement: flags.includes("ACK") ? 1 : null,
    windowBytes: 65_536,
    payloadBytes: 0,
    options: {},
    fate: "passed",
    rule: null,
    sentUs: moment.atUs,
    ...changes,
  };
}
