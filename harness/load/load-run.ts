import type { CountersSample, SocketsSample } from "../model/sample.ts";
import type { LoadEndLine, LoadLine } from "./line.ts";
import type { LoadPlan } from "./load-plan.ts";

/** A load as it went: what its program told, and what was seen beside it. */
export interface LoadRun {
  plan: LoadPlan;
  surroundings: Surroundings;
  /** A line a second a thread, and one a thread at the end; no end, when the program did not come to it. */
  seconds: LoadLine[];
  ends: LoadEndLine[];
  /** The first is from before the load, the last from after it. */
  looks: Look[];
  cost: LookCost;
  exit: LoadExit;
}

/** What a load's figures depend on beside the target: this namespace and this machine. */
export interface Surroundings {
  /** net.ipv4.ip_local_port_range, net.ipv4.ip_local_reserved_ports and net.ipv4.tcp_tw_reuse as they are written. */
  portRange: string;
  reservedPorts: string;
  timeWaitReuse: number;
  /** Whether the other end of the connections is in this namespace too. */
  bothEndsHere: boolean;
  processors: number;
  /** What CLOCK_REALTIME was ahead of CLOCK_MONOTONIC. */
  unixOffsetUs: number;
}

/** What was there at one moment of a load. */
export interface Look {
  /** On CLOCK_MONOTONIC. */
  monotonicUs: number;
  /** The ends of connections to the target that are in this namespace, and who listens on its port. `atUs` is since the first look. */
  sockets: SocketsSample;
  /** All of this namespace, since the first look. */
  counters: CountersSample;
  /** Processor times of the load program's threads and of those who listen on the target's port; null: not to be seen. */
  generator: ThreadTime[];
  server: ThreadTime[] | null;
}

/** Processor time of a thread since it began. */
export interface ThreadTime {
  pid: number;
  tid: number;
  /** On a processor. */
  ranMs: number;
  /** On a run queue: it had work and no processor. */
  waitedMs: number;
}

/** What the looking cost, in processor time. */
export interface LookCost {
  looks: number;
  totalMs: number;
  longestMs: number;
  /** The longest pause between two looks; more than 100 ms where they cost too much. */
  everyMs: number;
}

export interface LoadExit {
  code: number | null;
  signal: string | null;
  /** `own`: the program ended by itself; `interrupted`: somebody wanted it; `overdue`: it had not ended in its time, and was killed. */
  how: "own" | "interrupted" | "overdue";
  /** What it said beside its lines, the last twenty. */
  lastLines: string[];
}
