import type { UserPlace } from "../lab/order.ts";
import type { ProbeBounds } from "../model/probe.ts";

/** What to check, and how to talk to it. */
export interface CheckOrder {
  /** The words of the command that starts the server. */
  command: [string, ...string[]];
  user: UserPlace;
  /** Variables for the server in addition to those of the user. */
  environment: Record<string, string>;
  /** Absent: the one port on which it listens. */
  port?: number;
  /** It is ready when it has printed this. Absent: when it listens. */
  readyText?: string;
  /** The longest wait until it is ready, in milliseconds. */
  withinMs: number;
  isTls: boolean;
  /** `GET /health`; or bytes, as the text of a step of clients/dialogue, for a protocol that is not HTTP. */
  request: { http: string } | { raw: string };
  bounds: ProbeBounds;
}

export const DEFAULT_BOUNDS: ProbeBounds = {
  patienceMs: 10_000,
  answerMs: 5_000,
  connections: 997,
  reuses: 1_000,
};
