import type { Flag, Said } from "../load/said.ts";
import type { ClientPlan } from "../../harness/load/plan.ts";

/** How far a response has come: bytes are missing, it is whole, or what came is no response. */
export type Progress = "more" | "whole" | "unexpected";

/** Reads the responses of one connection, one after another, from whatever pieces they arrive in. Does no I/O. */
export interface ResponseReader {
  /** Forgets the last response and expects the next. */
  begin(): void;
  /** Takes the next piece. After `whole` or `unexpected` there is nothing more to take before the next `begin`. */
  feed(bytes: Buffer): Progress;
  /** Takes the peer's FIN: a response that only a FIN ends is whole now. */
  end(): "whole" | "truncated";
  /** How many bytes of the last piece belonged to this response. */
  readonly consumed: number;
  /** The status by which the whole response refuses the request; null when it does not. */
  readonly refusal: number | null;
  /** Whether the connection may carry another request after the whole response. */
  readonly persistent: boolean;
}

/** What is said over a connection. */
export interface Protocol {
  /** `last`: nothing more will be asked for on this connection. */
  request(attempt: number, last: boolean): Buffer;
  reader(): ResponseReader;
}

/** A protocol, and what a command line may say about it. */
export interface Saying {
  flags: Flag[];
  /** Throws an Error with one sentence for the user when what was said makes no sense. */
  protocol: (plan: ClientPlan, said: Said) => Protocol;
}
