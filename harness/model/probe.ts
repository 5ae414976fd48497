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
  /** `http`: HTTP/1.1. `bytes`: `request` is some bytes, and all of the answer to them is known by its length. */
  speaks: "http" | "bytes";
  isTls: boolean;
  /** One request that leaves the connection open, as the text of a step of clients/dialogue: with `\r` and `\n`. */
  request: string;
  /** The same with `Connection: close`. Of `bytes`, the same request. */
  lastRequest: string;
  /** A request that takes the server some time, as `request`. Absent: the user named none. */
  slowRequest?: string;
  /** How long the answer was, of HTTP with its head. */
  answerBytes: number;
  /** How long it took to answer, in milliseconds: the shorter of two times. */
  answerTookMs: number;
  /** The most descriptors that one of its processes had while it answered. */
  descriptors: number;
  /** The backlogs of all its listeners on the port together, as the kernel has them, and how many processes hold one of these. */
  backlog: number;
  listeningProcesses: number;
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

/**
 * A claim on what was recorded, with the grade that it gives when it does not hold; `fail` when absent. `isTold`, of one that is
 * `informational`: when it does not hold, a probe that would pass is informational, so that every report has what was observed.
 */
export type ProbeClaim = ExactExpectation & { otherwise?: Otherwise; isTold?: true };

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
  /** Where a server may also refuse to start in this setup: what is informational then. Absent: it must start. */
  refusal?: Pick<ProbeClaim, "claim" | "because">;
  /** All that must hold. The worst answer is the grade. */
  claims: (server: CheckedServer, bounds: ProbeBounds) => ProbeClaim[];
}
