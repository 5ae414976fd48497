import type { Method } from "./method.ts";
import type { Close } from "./plan.ts";

/** The programs that can make the requests. */
export const ENGINES = ["raw", "undici", "autocannon"] as const;
export type EngineName = (typeof ENGINES)[number];

/** A connection for every request, or requests one after another over connections that stay. */
export const MODES = ["short", "keep-alive"] as const;
export type Mode = (typeof MODES)[number];

export const SCHEMES = ["http", "https", "tcp"] as const;
export type Scheme = (typeof SCHEMES)[number];

/** A load against one address, for any engine. */
export interface LoadPlan {
  engine: EngineName;
  to: Endpoint;
  mode: Mode;
  /** Infinity: as many as the connection allows. In mode `short` it is 1. */
  requestsPerConnection: number;
  /** The most connections that are open at once. */
  connections: number;
  /** Requests that become due in a second; their times count from when they were due (an open loop). 0: a closed loop. */
  ratePerSecond: number;
  warmUpMs: number;
  /** The measured time, after the warm-up. */
  durationMs: number;
  /** The bound on each wait. */
  timeoutMs: number;
  threads: number;
  close: Close;
  method: Method;
  /** `Name: value`, as they are sent. */
  headers: readonly string[];
  /** The file with the body of each request, with an absolute path, and its size; null: none. */
  body: { path: string; bytes: number } | null;
  /** What a tcp request sends, with \n and \xNN; null: a line that the client chooses. */
  send: string | null;
  /** The file with the certificates in PEM that https trusts, with an absolute path; null: those that Node trusts. */
  ca: string | null;
  /** https without verifying the certificate. */
  insecure: boolean;
  /** How long after its start the program begins: by then the observers have looked once. */
  delayMs: number;
}

/** The target of a load. */
export interface Endpoint {
  scheme: Scheme;
  /** In numbers. */
  address: string;
  port: number;
  /** As the URL had it: a name, or the address in numbers. */
  host: string;
  /** With its query; "/" for tcp. */
  path: string;
}

/** The defaults of a plan. */
export const ORDINARY: Omit<LoadPlan, "to"> = {
  engine: "raw",
  mode: "keep-alive",
  requestsPerConnection: Infinity,
  connections: 10,
  ratePerSecond: 0,
  warmUpMs: 1000,
  durationMs: 10_000,
  timeoutMs: 5000,
  threads: 1,
  close: "client",
  method: "GET",
  headers: [],
  body: null,
  send: null,
  ca: null,
  insecure: false,
  delayMs: 0,
};

/** An address and a port as one writes them: `127.0.0.1:8080`, `[::1]:8080`. */
export function endpointText({ address, port }: Pick<Endpoint, "address" | "port">): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
