import type { LoadEnd, LoadSecond } from "./load.ts";
import type { HostName, PhaseName, ProgramName } from "./names.ts";
import type { PacketOptions, TcpFlag } from "./segment.ts";
import type { Owner, SeenState, SeenTimer, Side } from "./state.ts";

/** When and in which phase. `atUs` is whole microseconds on CLOCK_MONOTONIC since the trial's origin. */
export interface Moment {
  atUs: number;
  phase: PhaseName | "setup";
}

/** Sockets alike in all that a diagnosis asks for, counted. `port` is the service's port: local at the listening end, remote at the other. */
export interface SocketGroup {
  state: SeenState;
  side: Side;
  port: number;
  timer: SeenTimer;
  receiveQueue: "empty" | "holding";
  sendQueue: "empty" | "holding";
  owner: Owner;
  count: number;
  /** At most 20 of the sockets, as they were. */
  examples: SocketExample[];
}

export interface SocketExample {
  local: string;
  remote: string;
  receiveQueueBytes: number;
  sendQueueBytes: number;
  timerMs: number;
  retransmits: number;
  uid: number;
  /** 0 where no descriptor refers to the socket. */
  inode: number;
  /** The processes seen holding the inode, as the processes observer last saw them. */
  pids: number[];
  tcpInfo?: TcpInfoExcerpt;
}

/** The part of struct tcp_info that is worth a place in a recording. */
export interface TcpInfoExcerpt {
  rttUs: number;
  rtoUs: number;
  sendMssBytes: number;
  congestionWindow: number;
  unacked: number;
  lastDataSentMs: number;
  lastDataReceivedMs: number;
  totalRetransmits: number;
  bytesAcked: number;
  bytesReceived: number;
  /** What the program has written and the kernel has not sent once. Absent before Linux 4.6, and in older recordings. */
  notSentBytes?: number;
}

export interface SocketsSample extends Moment {
  kind: "sockets";
  host: HostName;
  groups: SocketGroup[];
}

export interface ListenersSample extends Moment {
  kind: "listeners";
  host: HostName;
  /** `queue` is what waits for accept(), `backlog` the most that may wait (one more is let in). */
  listeners: { address: string; port: number; queue: number; backlog: number; inode: number }[];
}

/** Every counter that has moved since the trial's start, as the difference, by the names nstat prints (`TcpExtListenOverflows`). */
export interface CountersSample extends Moment {
  kind: "counters";
  host: HostName;
  deltas: Record<string, number>;
}

export interface ProcessesSample extends Moment {
  kind: "processes";
  host: HostName;
  processes: ProcessRow[];
  /** Sockets that two or more processes hold at this moment, by inode. At most 20 are listed; `sharedCount` counts all. */
  shared: { inode: number; pids: number[] }[];
  sharedCount: number;
}

export interface ProcessRow {
  pid: number;
  parentPid: number;
  /** The program of the setup that this process belongs to. */
  program: ProgramName;
  /** The process's own name (comm). */
  name: string;
  descriptors: number;
  /** How many it may have: the soft limit of `ulimit -n`. Absent where it could not be read, and in older recordings. */
  descriptorLimit?: number;
  sockets: number;
  rssBytes: number;
  cpuMs: number;
}

/** One request of a client, and how it ended. Times are from the attempt's own beginning; null was not reached. */
export interface AttemptSample extends Moment {
  kind: "attempt";
  program: ProgramName;
  /** Counts from 1 within the program. */
  attempt: number;
  /** Counts connections from 1 within the program: two attempts with one number shared a connection. */
  connection: number;
  localPort: number | null;
  /** null when the attempt used a connection that was already there. */
  connectMs: number | null;
  firstByteMs: number | null;
  totalMs: number | null;
  outcome: AttemptOutcome;
}

/**
 * How an attempt ended. `never begun`: the load was over before its turn came, and no call was made for it. Older recordings
 * have a `connect timeout` with the call `none` instead.
 */
export type AttemptOutcome = "ok" | "never begun" | AttemptFailure;

/** Where an attempt failed: in which phase, with which errno or own code, in which call. */
export interface AttemptFailure {
  phase: "connect" | "request" | "response" | "status" | "close";
  /** An errno's name, or `timeout`, `truncated`, `unexpected`; of a whole response that refuses the request: `4xx`, `5xx`. */
  code: string;
  /** The system call that failed, or that was waited for. */
  call: string;
}

/** What a load program's attempts of one second came to, as it told it at the second's end. */
export interface LoadSample extends Moment, LoadSecond {
  kind: "load";
  program: ProgramName;
}

/** What a load program's whole load came to. */
export interface LoadEndSample extends Moment, LoadEnd {
  kind: "load-end";
  program: ProgramName;
}

/** What the wire did with a segment. */
export type WireFate = "passed" | "dropped" | "held" | "duplicated" | "corrupted" | "lost" | "cut";

/** A TCP segment on a wire, once for each time that it came in. Sequence numbers count from the connection's own SYNs. */
export interface PacketSample extends Moment {
  kind: "packet";
  /** Which `wire` link of the setup, from 0. */
  link: number;
  from: HostName;
  to: HostName;
  /** Counts the connections on this link from 1, by their first segment. */
  connection: number;
  fromPort: number;
  toPort: number;
  /** `SYN`, `SYN-ACK` as `["SYN", "ACK"]`: in the order of the header's bits. */
  flags: TcpFlag[];
  /** Relative to the sender's SYN, which is 0; modulo 2^32. */
  sequence: number;
  /** Relative to the receiver's SYN; null without ACK. */
  acknowledgement: number | null;
  windowBytes: number;
  payloadBytes: number;
  options: PacketOptions;
  fate: WireFate;
  /** The rule that decided; null when none did. */
  rule: string | null;
  /** When it left the wire, in the trial's time; null when it never did. */
  sentUs: number | null;
}

/** What a wire did in a whole trial, told at its end. */
export interface WireSample extends Moment {
  kind: "wire";
  /** Which `wire` link of the setup, from 0. */
  link: number;
  /** Every frame that came in, and those of them that call themselves IP and do not hold together; they pass all the same. */
  frames: number;
  malformed: number;
  /** Frames that went nowhere because memory was full or the kernel would not take them: not part of any plan. */
  lostFrames: number;
  /** Segments that are not in the recording, because there were too many. */
  untoldSegments: number;
  /** How many segments each rule acted on, in the order of the plan. */
  rules: { rule: string; segments: number }[];
  /**
   * Of a peer's script, the connections for which it did not come to its end, counted from 1: at which step, from 0, and whether
   * that is an await that was not met in its time. Absent where the wire has no peer.
   */
  unfinished?: { connection: number; step: number; unmet: boolean }[];
}

/** What a program reported of itself, as it reported it (a server: `{ "kind": "service", "serviceMs": 0.4 }`). */
export interface ReportSample extends Moment {
  kind: "report";
  program: ProgramName;
  report: Record<string, string | number | boolean | null>;
}

export interface ProgramSample extends Moment {
  kind: "program";
  program: ProgramName;
  event: "started" | "ready" | "exited" | "failed";
  pid: number | null;
  /** At `ready`: the port it named. At `exited` and `failed`: the code, the signal, and its last lines. */
  port?: number;
  code?: number | null;
  signal?: string | null;
  lastLines?: string[];
  because?: string;
}

export interface PhaseSample extends Moment {
  kind: "phase";
  event: "begin" | "end";
  /** At the end: whether the phase's condition held, or only its bound was reached. */
  met?: boolean;
}

export interface InterventionSample extends Moment {
  kind: "intervention";
  name: string;
  done: boolean;
  because?: string;
}

/** What made the trial worth nothing, in one sentence: it is inconclusive, whatever else was seen. */
export interface FaultSample extends Moment {
  kind: "fault";
  because: string;
}

/**
 * What the trial's processes had of the processors, and what the machine had: from the trial's origin on, but for the tasks', which
 * count from each task's own beginning. A task that waits right now has it counted when it runs again.
 */
export interface PressureSample extends Moment {
  kind: "pressure";
  /** In which some task of the machine waited for a processor. Absent where the kernel does not say. */
  someWaitedUs?: number;
  /** How long the machine was suspended. */
  suspendedUs: number;
  /** The latest that a look, and a turn of the trial's loop, came after its time, since the sample before. */
  lookLateUs: number;
  turnLateUs: number;
  /** The trial's own main thread; absent, as are the others, where the kernel does not say. */
  trial?: TaskTime;
  /** By program: the main threads of its process and of those that descend from it, these from when they were first found. */
  programs: Record<ProgramName, TaskTime>;
  /** The wires' main threads, by their place in the setup. */
  wires: (TaskTime | null)[];
  /** At the end of a phase, the same with all threads; and what the hypervisor took from the whole machine. */
  threads?: { trial?: TaskTime; programs: Record<ProgramName, TaskTime>; wires: (TaskTime | null)[] };
  stolenUs?: number;
}

/** On a processor, and ready to run without one: whole microseconds. */
export interface TaskTime {
  ranUs: number;
  waitedUs: number;
}

/**
 * What the looking itself cost: CPU of the trial's own process, and looks and time of each observer; and the CPU of all that the trial
 * started and that is gone by then. `programsCpuMs` is absent in older recordings.
 */
export interface CostSample extends Moment {
  kind: "cost";
  trialCpuMs: number;
  programsCpuMs?: number;
  /** By the clock, which goes on while others have the processor, and by what the looks used of it (absent in older recordings). */
  observers: Record<string, { looks: number; totalMs: number; longestMs: number; cpuMs?: number }>;
}

/** The last line of a whole recording. Without it, the trial was cut off. */
export interface EndSample extends Moment {
  kind: "end";
  reason: "completed" | "interrupted" | "fault";
}

export type Sample =
  | SocketsSample
  | ListenersSample
  | CountersSample
  | ProcessesSample
  | AttemptSample
  | LoadSample
  | LoadEndSample
  | PacketSample
  | WireSample
  | ReportSample
  | ProgramSample
  | PhaseSample
  | InterventionSample
  | FaultSample
  | PressureSample
  | CostSample
  | EndSample;

export type SampleKind = Sample["kind"];
