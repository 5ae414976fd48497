import type { ExactExpectation } from "./expectation.ts";
import type { Recording } from "./recording.ts";
import type { ForeignPlan, Setup } from "./setup.ts";

/**
 * The result of a probe. `fail`: the server does what no server should. `warn`: a risk under stated conditions. `informational`: what the server
 * does where more than one answer is right. `skip`: the user or the protocol gave a reason not to run it. `inconclusive`: the recording
 * does not tell.
 */
export const GRADES = ["pass", "informational", "skip", "warn", "inconclusive", "fail"] as const;
export type Grade = (typeof GRADES)[number];

/** What a claim that does not hold means for the grade. */
export type Otherwise = Extract<Grade, "fail" | "warn" | "informational">;

/** The server under check, and how a client talks to it. */
export interface CheckedServer {
  /** The words of the command, as the user gave them. */
  run: [string, ...string[]];
  foreign: ForeignPlan;
  /** The longest wait until it is ready, in milliseconds. */
  withinMs: number;
  port: number;
  /** `http`: HTTP/1.1. `bytes`: `request` is some bytes, and the answer to them is `answerBytes` long. */
  speaks: "http" | "bytes";
  isTls: boolean;
  /** One request that leaves the connection open, as the text of a step of clients/dialogue: with `\r` and `\n`. */
  request: string;
  /** The same with `Connection: close`. Of `bytes`, the same request. */
  lastRequest: string;
  /** A request that takes the server some time, as `request`. Absent: the user named none. */
  slowRequest?: string;
  /** About how long an answer is. */
  answerBytes: number;
  /** Whether the server left the connection open after an answer. */
  keepsOpen: boolean;
}

/** The times and counts of the probes. */
export interface ProbeBounds {
  /** How long a probe waits for the server's own timers. */
  patienceMs: number;
  /** How long a client waits for an answer that is due. */
  answerMs: number;
  /** How many connections it makes where many are needed. */
  connections: number;
  /** How often a connection is used again at the moment of its idle close. */
  reuses: number;
}

/** A claim on what was recorded, with the grade that it gives when it does not hold; `fail` when absent. */
export type ProbeClaim = ExactExpectation & { otherwise?: Otherwise };

/** One thing that is tried with a server, over the wire. */
export interface Probe {
  /** In kebab case. */
  id: string;
  /** A few words: what the client does. */
  title: string;
  /** What a correct server does, in a sentence. */
  claim: string;
  /** Why it matters, in a sentence. */
  because: string;
  /** The experiment that shows and explains it. */
  explainedBy: string;
  /** Whether it waits for the server's own timers. */
  waits: boolean;
  /** Why it cannot be run against a server; null where it can. */
  skips?: (server: CheckedServer) => string | null;
  /** Why an answer of the server, which it gave in the trial, leaves nothing to probe; null where there is something. */
  skipsAfter?: (server: CheckedServer, recording: Recording) => string | null;
  setup: (server: CheckedServer, bounds: ProbeBounds) => Setup;
  /** All that must hold. The worst answer is the grade. */
  claims: (server: CheckedServer, bounds: ProbeBounds) => ProbeClaim[];
}
