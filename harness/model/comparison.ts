/** How many requests a connection carries; null: as many as come, which is keep-alive. 1 is a connection for each request. */
export type RequestsEach = number | null;

/** What a comparison is to do. All times are of the load alone; a repetition is a trial of its own. */
export interface ComparisonPlan {
  /** The arms, each once, from the fewest requests a connection to keep-alive. */
  arms: RequestsEach[];
  /** Round-trip times that the links add, in milliseconds. */
  rttsMs: number[];
  /** Connections of an arm that are open at once: closed loop, each asks as soon as it was answered. */
  connections: number;
  repetitions: number;
  /** How long an arm is measured in a repetition; longer where the round trips are long. */
  seconds: number;
  tls: boolean;
}

/** The middle of the repetitions' values, and the interval in which the bootstrap finds it 95 times of 100. */
export interface Estimate {
  median: number;
  low: number;
  high: number;
}

/** Local ports of the client: the most in use at once, how many there are, and for how long TIME-WAIT keeps one. */
export interface PortsUsed {
  most: number | null;
  range: number | null;
  keptS: number;
}

/** What one arm came to in one repetition. null is what could not be seen; `unseen` of the arm says why. */
export interface Turn {
  requests: number;
  perSecond: number;
  connectMs: { p50: number; p99: number } | null;
  firstByteMs: { p50: number; p99: number } | null;
  totalMs: { p50: number; p99: number } | null;
  /** Processor time for a request, and how many processors were busy with it. */
  serverCpuUs: number | null;
  serverCores: number | null;
  clientCpuUs: number;
  clientCores: number;
  /** Both ways, counted at the client's host, for a request, warm-up included; and connections for a request. */
  segments: number | null;
  connectionsEach: number;
  /** New connections a second. */
  connectionsPerSecond: number;
  /** The most sockets in TIME-WAIT at once, by who holds them. */
  timeWait: { client: number | null; server: number | null };
  ports: PortsUsed;
  /** What did not end `ok`, by outcome, warm-up included. */
  errors: Record<string, number>;
}

/** What an arm has most of its time in, or cannot have more of. */
export type Limit = "server CPU" | "client CPU" | "round trips" | "ports" | "nothing in sight";

/** An arm at one round-trip time, over its repetitions. */
export interface Arm {
  /** `short`, `5`, `keep-alive`. */
  id: string;
  requestsEach: RequestsEach;
  /** null: what there is between the two, whatever it is. */
  rttMs: number | null;
  repetitions: number;
  perSecond: Estimate;
  connectMs: { p50: Estimate; p99: Estimate } | null;
  firstByteMs: { p50: Estimate; p99: Estimate } | null;
  totalMs: { p50: Estimate; p99: Estimate } | null;
  serverCpuUs: Estimate | null;
  serverCores: Estimate | null;
  clientCpuUs: Estimate;
  clientCores: Estimate;
  segments: Estimate | null;
  connectionsEach: Estimate;
  connectionsPerSecond: Estimate;
  timeWait: { client: number | null; server: number | null };
  ports: PortsUsed;
  limitedBy: Limit;
  errors: Record<string, number>;
  /** Figures that are null, and why. */
  unseen: Record<string, string>;
}

/** Keep-alive beside a connection for each request at one round-trip time, by repetitions in pairs. */
export interface Contrast {
  rttMs: number | null;
  /** Keep-alive's requests a second in parts of those of short connections; how often they have the other's CPU time. */
  rate: Estimate;
  serverCpu: Estimate | null;
  clientCpu: Estimate;
  /** How much longer half of the short requests take at least, in milliseconds. */
  laterMs: Estimate | null;
  /** What is dear at short connections here: the time for round trips, or the work of both ends, as processor time. */
  dear: "time" | "work";
  /** By requests a connection: how much of that which keep-alive spares a request is spared. 1 is all of it. */
  saved: { requestsEach: number; share: Estimate; ofSegments: Estimate | null }[];
}

/** What connections that carry nothing cost, a connection. */
export interface Held {
  connections: number;
  repetitions: number;
  serverBytes: Estimate | null;
  clientBytes: Estimate | null;
  /** While nothing was sent: processor time of both ends' programs, and segments that the client sent, a connection and second. */
  cpuUsPerSecond: Estimate | null;
  segmentsPerSecond: Estimate | null;
  unseen: Record<string, string>;
}

/** A whole comparison. */
export interface Comparison {
  plan: ComparisonPlan;
  /** Which program sends: `raw`, or `undici` for https. */
  engine: "raw" | "undici";
  /** The server that was there already; null: the project's own. */
  url: string | null;
  arms: Arm[];
  contrasts: Contrast[];
  held: Held | null;
  /** What is wrong with it, in sentences; none: it is valid. */
  faults: string[];
}
