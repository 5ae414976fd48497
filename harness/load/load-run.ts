import type { CountersSample, SocketsSample } from "../model/sample.ts";
import type { LoadEndLine, LoadLine } from "./line.ts";
import type { LoadPlan } from "./load-plan.ts";

/** A load as it went: what its program reported, and what was observed beside it. */
export interface LoadRun {
  plan: LoadPlan;
  surroundings: Surroundings;
  /** A line per second and thread, and a line per thread at the end. `ends` is empty when the program did not finish. */
  seconds: LoadLine[];
  ends: LoadEndLine[];
  /** The first is from before the load, the last from after it. */
  looks: Look[];
  cost: LookCost;
  exit: LoadExit;
}

/** What a load's figures depend on besides the target: this namespace and this machine. */
export interface Surroundings {
  /** net.ipv4.ip_local_port_range, net.ipv4.ip_local_reserved_ports and net.ipv4.tcp_tw_reuse, as the kernel writes them. */
  portRange: string;
  reservedPorts: string;
  timeWaitReuse: number;
  /** Whether the other end of the connections is in this namespace too. */
  bothEndsHere: boolean;
  processors: number;
  /** How far CLOCK_REALTIME was ahead of CLOCK_MONOTONIC. */
  unixOffsetUs: number;
}

/** What was observed at one moment of a load. */
export interface Look {
  /** On CLOCK_MONOTONIC. */
  monotonicUs: number;
  /** The connection ends and listeners of the target's port in this namespace. `atUs` counts from the first look. */
  sockets: SocketsSample;
  /** All of this namespace, since the first look. */
  counters: CountersSample;
  /** The other connections of this namespace, since the first look. */
  bystanders: Bystanders;
  /** The limit of the accept queue at the target's port, in this namespace; null: nothing listens there. */
  backlog: number | null;
  /** Processor times of the load program's threads, and of those of the processes that listen on the target's port; null: unknown. */
  generator: ThreadTime[];
  server: ThreadTime[] | null;
  /** Processor time of those processes so far, with that of threads that have ended, in milliseconds; null: unknown. */
  serverCpuMs: number | null;
}

/** The segments of connections that are not to the target. A connection that came and went between two looks is not in it. */
export interface Bystanders {
  sent: number;
  received: number;
  /** The connection with most of them: `127.0.0.1:8080 to 127.0.0.1:40000`; null: none was seen. */
  most: string | null;
}

/** Processor time of a thread since it began. */
export interface ThreadTime {
  pid: number;
  tid: number;
  /** On a processor. */
  ranMs: number;
  /** On a run queue: the thread had work and no processor. */
  waitedMs: number;
}

/** What the looks cost, in processor time. */
export interface LookCost {
  looks: number;
  totalMs: number;
  longestMs: number;
  /** The longest pause between two looks; more than 100 ms if looks cost too much. */
  everyMs: number;
}

export interface LoadExit {
  code: number | null;
  signal: string | null;
  /** `own`: the program ended by itself; `interrupted`: it was ended from outside; `overdue`: it did not end in time, and was killed. */
  how: "own" | "interrupted" | "overdue";
  /** The last twenty of its other lines. */
  lastLines: string[];
}
