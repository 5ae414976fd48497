import type { SocketGroup } from "./sample.ts";

/** The properties by which sockets are counted in groups, each with the values that are meant. */
export type MeteredSockets = {
  readonly [
    Property in "state" | "side" | "port" | "timer" | "receiveQueue" | "sendQueue" | "owner" | "exchanged"
  ]?: SocketGroup[Property] | readonly NonNullable<SocketGroup[Property]>[];
};

/** The values that a number may have. An absent limit is none. */
export interface MeteredRange {
  atLeast?: number;
  above?: number;
  atMost?: number;
  below?: number;
}

/**
 * A condition on figures that a monitoring system keeps: it reads them now and then, and sees no single socket and no process.
 * - `sockets`: how many of these sockets there are; `outOf`: as a share of the local ports that connect() can take, or of the limit of
 *   TIME-WAIT (tcp_max_tw_buckets); `each`: counted for each service's port, for each destination, or all together; `stays`: all the time.
 * - `counter`: by how much a counter of the namespace rises.
 * - `accept queue`: a listener's accept queue is full.
 * - `sysctl`: a sysctl of the namespace has another value.
 */
export type MeteredCondition =
  | {
      of: "sockets";
      which: MeteredSockets;
      is: MeteredRange;
      outOf?: "local ports" | "TIME-WAIT limit";
      each: "port" | "destination" | "namespace";
      stays: boolean;
    }
  | { of: "counter"; counter: string; is: MeteredRange }
  /** Full: one more than the backlog. Nearly: as isNearlyFull() in harness/measure/listeners.ts has it. */
  | { of: "accept queue"; is: "full" | "nearly full" }
  | { of: "sysctl"; sysctl: string; isNot: number };
