import type { TcpInfoExcerpt } from "./tcp-info.ts";
import type { LoadEnd, LoadSecond } from "./load.ts";
import type { HostName, PhaseName, ProgramName } from "./names.ts";
import type { PacketOptions, TcpFlag } from "./segment.ts";
import type { Exchanged, Owner, SeenState, SeenTimer, Side } from "./state.ts";
import type { ThreadWaits } from "./thread-waits.ts";

/** The time and the phase of a sample. `atUs`: whole microseconds since the trial's origin, on CLOCK_MONOTONIC. */
export interface Moment {
  atUs: number;
  phase: PhaseName | "setup";
}

/** How many sockets are equal in all these properties. `port` is the service's port: local at the listening end, remote at the other. */
export interface SocketGroup {
  state: SeenState;
  side: Side;
  port: number;
  timer: SeenTimer;
  receiveQueue: "empty" | "holding";
  sendQueue: "empty" | "holding";
  owner: Owner;
  /**
   * What was sent and received over each of these connections, beside SYN and FIN. Present only where the setup asked for tcp_info and the
   * kernel gave it: LISTEN, TIME-WAIT, requests that have no socket yet, and older recordings have none.
   */
  exchanged?: Exchanged;
  count: number;
  /** At most 20 of the sockets. */
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
  /** The processes that held the inode at the last look of the processes observer. */
  pids: number[];
  /** The first one's descriptor of it. Absent where nobody holds it or no observer samples processes, and in older recordings. */
  descriptor?: number;
  /**
   * Of a socket in CLOSE-WAIT whose other end is on this host: whether a process holds that end and may wait, or nobody does. Only the doctor
   * knows it.
   */
  peer?: "held" | "gone";
  tcpInfo?: TcpInfoExcerpt;
}

export interface SocketsSample extends Moment {
  kind: "sockets";
  host: HostName;
  groups: SocketGroup[];
}

export interface ListenersSample extends Moment {
  kind: "listeners";
  host: HostName;
  listeners: ListenerRow[];
}

export interface ListenerRow {
  address: string;
  port: number;
  /** Connections that wait for accept(). */
  queue: number;
  /** The limit of the queue (the kernel accepts one more). */
  backlog: number;
  inode: number;
  /** The processes that held the inode at the last look of the processes observer. Absent without one, and in older recordings. */
  pids?: number[];
}

/** Every counter that changed since the trial's start, as the difference, by the name that nstat prints (`TcpExtListenOverflows`). */
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
  /** The program of the setup that this process belongs to. Empty in what the doctor reads, which has no setup. */
  program: ProgramName;
  /** The process's own name (comm). */
  name: string;
  /**
   * What its main thread does, as the letter of /proc/PID/stat: R runs or is ready to run, S sleeps, D sleeps and cannot be interrupted,
   * T is stopped by a signal, t by a debugger. Absent in older recordings.
   */
  state?: string;
  /**
   * Whether the process that leads its process group has ended: what began this process is gone, and has left it behind. Daemons that fork
   * twice are such processes, too. Absent in older recordings.
   */
  leaderEnded?: boolean;
  descriptors: number;
  /** The limit of descriptors: the soft limit of `ulimit -n`. Absent where it could not be read, and in older recordings. */
  descriptorLimit?: number;
  sockets: number;
  /**
   * How many of its sockets are TCP sockets without a row in a dump of their host: not connected yet, closed, or reset. Absent where it
   * could not be read, and in older recordings.
   */
  socketsWithoutRow?: number;
  rssBytes: number;
  cpuMs: number;
  /** How much of its processor time it spent in the kernel, in steps of 10. Absent in older recordings. */
  kernelMs?: number;
  /** How long ago the process began, in milliseconds, with a resolution of 10. Absent in older recordings. */
  ageMs?: number;
  /** null where this user may not read it. Only the doctor reads it, of the subjects that it was asked about; absent elsewhere. */
  waits?: ThreadWaits | null;
}

/** One request of a client, and how it ended. Times count from the attempt's own beginning. null: the attempt did not get that far. */
export interface AttemptSample extends Moment {
  kind: "attempt";
  program: ProgramName;
  /** Counts from 1 within the program. */
  attempt: number;
  /** Counts connections from 1 within the program. Attempts with the same number shared a connection. */
  connection: number;
  localPort: number | null;
  /** null when the attempt used an existing connection. */
  connectMs: number | null;
  firstByteMs: number | null;
  totalMs: number | null;
  outcome: AttemptOutcome;
}

/**
 * How an attempt ended. `never begun`: the load ended before the attempt's turn, and no call was made for it. Older recordings
 * have a `connect timeout` with the call `none` instead.
 */
export type AttemptOutcome = "ok" | "never begun" | AttemptFailure;

/** The phases in which an attempt can fail. */
export const FAILURE_PHASES = ["connect", "tls", "request", "response", "status", "close"] as const;

/** Where an attempt failed: the phase, the errno or lastack's own code, and the call. */
export interface AttemptFailure {
  phase: (typeof FAILURE_PHASES)[number];
  /**
   * The name of an errno, of Node's error of a TLS handshake, or of lastack's own (harness/load/outcome.ts); the status of a complete
   * response that refuses the request. Older recordings have `4xx` and `5xx` for the status, `connect` for the TLS handshake, `truncated`
   * also without a byte of a response, and `unexpected` for everything that is no response.
   */
  code: string;
  /** The system call that failed, or that the program waited for. */
  call: string;
}

/** The attempts of one second, as a load program reported them at the end of that second. */
export interface LoadSample extends Moment, LoadSecond {
  kind: "load";
  program: ProgramName;
}

/** The totals of a load program's whole load. */
export interface LoadEndSample extends Moment, LoadEnd {
  kind: "load-end";
  program: ProgramName;
}

/** What the wire did with a segment. */
export type WireFate = "passed" | "dropped" | "held" | "duplicated" | "corrupted" | "lost" | "cut";

/** A TCP segment on a wire, one sample for each arrival at the wire. Sequence numbers are relative to the connection's SYNs. */
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
  /** In the order of the header's bits: a SYN-ACK is `["SYN", "ACK"]`. */
  flags: TcpFlag[];
  /** Relative to the sender's SYN, which is 0; modulo 2^32. */
  sequence: number;
  /** Relative to the receiver's SYN; null without ACK. */
  acknowledgement: number | null;
  windowBytes: number;
  payloadBytes: number;
  options: PacketOptions;
  fate: WireFate;
  /** The rule that acted on the segment; null when none did. */
  rule: string | null;
  /** When the segment left the wire, in the trial's time; null when it never left. */
  sentUs: number | null;
}

/** What a wire did in a whole trial, recorded at the end. */
export interface WireSample extends Moment {
  kind: "wire";
  /** Which `wire` link of the setup, from 0. */
  link: number;
  /** All frames that arrived, and how many of them are malformed: too short, or in conflict with their IP header. These also pass. */
  frames: number;
  malformed: number;
  /** Frames that were lost although no rule said so: memory was full, or the kernel did not take them. */
  lostFrames: number;
  /** Segments that were not recorded because there were too many. */
  untoldSegments: number;
  /** How many segments each rule acted on, in the order of the plan. */
  rules: { rule: string; segments: number }[];
  /**
   * The connections for which the peer's script did not reach its end. `connection` counts from 1. `step`, from 0, is where the script
   * stopped. `unmet`: that step is an await for which no segment matched in time. Absent where the wire has no peer.
   */
  unfinished?: { connection: number; step: number; unmet: boolean }[];
}

/** A line that a program reported about itself, unchanged (a server: `{ "kind": "service", "serviceMs": 0.4 }`). */
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
  /** `port` at `ready`: the port that the program printed. The others at `exited` and `failed`; `lastLines` is its last output. */
  port?: number;
  code?: number | null;
  signal?: string | null;
  lastLines?: string[];
  /** Beside the recording, the file with all that it printed on standard error (at most 1 MiB). Absent when it printed nothing there. */
  standardError?: string;
  because?: string;
}

export interface PhaseSample extends Moment {
  kind: "phase";
  event: "begin" | "end";
  /** At the end: true when the phase's condition held, false when the phase reached its bound. */
  met?: boolean;
}

export interface InterventionSample extends Moment {
  kind: "intervention";
  name: string;
  done: boolean;
  because?: string;
}

/** One sentence that says why the trial is invalid. Its verdict is inconclusive, whatever else was recorded. */
export interface FaultSample extends Moment {
  kind: "fault";
  because: string;
}

/**
 * How much processor time the trial's processes got, and how busy the machine was. All figures count from the trial's origin, except those
 * of the tasks, which count from each task's start. The wait of a task that is waiting now is counted when the task runs again.
 */
export interface PressureSample extends Moment {
  kind: "pressure";
  /** The time during which some task of the machine waited for a processor. Absent where the kernel does not report it. */
  someWaitedUs?: number;
  /** How long the machine was suspended. */
  suspendedUs: number;
  /** The largest delay of a look, and of a turn of the trial's event loop, since the previous sample. */
  lookLateUs: number;
  turnLateUs: number;
  /** The trial's own main thread. Absent, like the tasks below, where the kernel does not report it. */
  trial?: TaskTime;
  /** By program: the main threads of its process and of the descendants. A descendant counts from when it was first observed. */
  programs: Record<ProgramName, TaskTime>;
  /** The wires' main threads, by their place in the setup. */
  wires: (TaskTime | null)[];
  /** Only at the end of a phase: the same figures for all threads, and the time that the hypervisor took from the whole machine. */
  threads?: { trial?: TaskTime; programs: Record<ProgramName, TaskTime>; wires: (TaskTime | null)[] };
  stolenUs?: number;
}

/** Time on a processor, and time ready to run but without a processor: whole microseconds. */
export interface TaskTime {
  ranUs: number;
  waitedUs: number;
}

/**
 * The cost of the observation: CPU time of the trial's own process, and the number of looks and the time of each observer. `programsCpuMs`
 * is the CPU time of all processes that the trial started and that have exited; it is absent in older recordings.
 */
export interface CostSample extends Moment {
  kind: "cost";
  trialCpuMs: number;
  programsCpuMs?: number;
  /** `totalMs` and `longestMs` are elapsed time, including time without a processor. `cpuMs` is CPU time (absent in older recordings). */
  observers: Record<string, { looks: number; totalMs: number; longestMs: number; cpuMs?: number }>;
}

/** The last line of a complete recording. Without it, the recording was cut off. */
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
