/** How many requests a connection carries: null is no limit (keep-alive), 1 is a new connection for each request. */
export type RequestsEach = number | null;

/** What a comparison does. All times are those of the load alone. Each repetition is a separate trial. */
export interface ComparisonPlan {
  /** The arms, each once, from the fewest requests a connection to keep-alive. */
  arms: RequestsEach[];
  /** Round-trip times that the links add, in milliseconds. */
  rttsMs: number[];
  /** Connections of an arm that are open at once. In a closed loop each sends its next request as soon as it has the response. */
  connections: number;
  repetitions: number;
  /** How long an arm is measured in a repetition. With long round-trip times it is measured longer. */
  seconds: number;
  tls: boolean;
  /** The certificate of a server with TLS is not checked. */
  insecure: boolean;
}

/** The median of the repetitions' values, and its 95 % interval from the bootstrap. One value alone has no interval: null. */
export interface Estimate {
  median: number;
  low: number | null;
  high: number | null;
}

/** Local ports of the client. */
export interface PortsUsed {
  /** The most that the arm had in use at once, and the most that connect() could not use. */
  most: number | null;
  taken: number | null;
  /** The size of the range, and how long TIME-WAIT keeps a port, in seconds. */
  range: number | null;
  keptS: number;
  /** So many were taken that connect() was slow: rate and times are not the server's (docs/load.md). */
  slow: boolean;
}

/** The figures of one arm in one repetition. A figure that could not be measured is null; the arm's `unseen` says why. */
export interface Turn {
  requests: number;
  perSecond: number;
  connectMs: { p50: number; p99: number } | null;
  firstByteMs: { p50: number; p99: number } | null;
  totalMs: { p50: number; p99: number } | null;
  /** Processor time per request, and how many processors were busy on average. */
  serverCpuUs: number | null;
  serverCores: number | null;
  /**
   * The share of the time in which the busiest thread of each end had work: on a processor, or waiting for one. null in the lab, where no
   * such waits are recorded; the server's is null if it could not be read.
   */
  busy: { client: number; server: number | null } | null;
  clientCpuUs: number;
  clientCores: number;
  /** Segments per request in both directions, counted at the client's host, and connections per request. Both include the warm-up. */
  segments: number | null;
  connectionsEach: number;
  /** New connections per second. */
  connectionsPerSecond: number;
  /** After how many answers at most, on average, the server closed connections that the client would have used again; null: it did not. */
  closedAfter: number | null;
  /** The most sockets in TIME-WAIT at once, by the side that holds them. */
  timeWait: { client: number | null; server: number | null };
  ports: PortsUsed;
  /** Requests that did not end `ok`, by outcome, including the warm-up. */
  errors: Record<string, number>;
}

/** What limits an arm: where most of its time is spent, or which resource it has used up. */
export type Limit =
  | "server CPU"
  | "client CPU"
  | "CPU at both ends"
  | "round trips"
  | "ports"
  | "nothing in sight";

/** The figures of an arm at one round-trip time, over its repetitions. */
export interface Arm {
  /** `short`, `5`, `keep-alive`. */
  id: string;
  requestsEach: RequestsEach;
  /** null: the path to a running server (`--url`), whose round-trip time is not set. */
  rttMs: number | null;
  repetitions: number;
  perSecond: Estimate;
  connectMs: { p50: Estimate; p99: Estimate } | null;
  firstByteMs: { p50: Estimate; p99: Estimate } | null;
  totalMs: { p50: Estimate; p99: Estimate } | null;
  serverCpuUs: Estimate | null;
  serverCores: Estimate | null;
  busy: { client: Estimate; server: Estimate | null } | null;
  clientCpuUs: Estimate;
  clientCores: Estimate;
  segments: Estimate | null;
  connectionsEach: Estimate;
  connectionsPerSecond: Estimate;
  closedAfter: Estimate | null;
  timeWait: { client: number | null; server: number | null };
  ports: PortsUsed;
  limitedBy: Limit;
  errors: Record<string, number>;
  /** The figures that are null, each with the reason. */
  unseen: Record<string, string>;
}

/**
 * Keep-alive compared with a connection for each request, at one round-trip time, from paired repetitions. Each figure is made of the
 * medians of the arms, as the table has them.
 */
export interface Contrast {
  rttMs: number | null;
  /** Requests per second: keep-alive divided by short connections. CPU time per request: short connections divided by keep-alive. */
  rate: Estimate;
  serverCpu: Estimate | null;
  clientCpu: Estimate;
  /** The median latency of short connections minus that of keep-alive, in milliseconds. */
  laterMs: Estimate | null;
  /** The main cost of short connections here: the time for round trips, or the work (processor time) of both ends. */
  dear: "time" | "work";
  /** For each number of requests per connection: the share of keep-alive's saving per request that it achieves. 1 is all of it. */
  saved: { requestsEach: number; share: Estimate; ofSegments: Estimate | null }[];
}

/** The cost of one idle connection. */
export interface Held {
  connections: number;
  repetitions: number;
  serverBytes: Estimate | null;
  clientBytes: Estimate | null;
  /** While no data was sent, per connection and second: processor time of the programs at both ends, and segments that the client sent. */
  cpuUsPerSecond: Estimate | null;
  segmentsPerSecond: Estimate | null;
  unseen: Record<string, string>;
}

/** A complete comparison. */
export interface Comparison {
  plan: ComparisonPlan;
  /** The engine that sends the requests: `raw`, or `undici` for https. */
  engine: "raw" | "undici";
  /** The URL of the running server that was measured; null: lastack's own server. */
  url: string | null;
  arms: Arm[];
  contrasts: Contrast[];
  held: Held | null;
  /** What is wrong with the comparison, in sentences. Empty: the comparison is valid. */
  faults: string[];
}
