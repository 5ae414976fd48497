import type { Flag, Said } from "../load/said.ts";
import type { Oddity } from "../../harness/load/outcome.ts";
import type { ClientPlan } from "../../harness/load/plan.ts";

/** The progress of a response: bytes are missing, it is whole, or the bytes are no response. */
export type Progress = "more" | "whole" | "unexpected";

/** Reads the responses of one connection, one after another, in pieces of any size. Does no I/O. */
export interface ResponseReader {
  /** Forgets the last response and expects the next. */
  begin(): void;
  /** Takes the next piece. After `whole` or `unexpected`, it must not be called before the next `begin`. */
  feed(bytes: Buffer): Progress;
  /** Takes the peer's FIN. A response that only a FIN ends is whole now. */
  end(): "whole" | "truncated";
  /** What is wrong with the bytes, after `unexpected`. */
  readonly oddity: Oddity;
  /** How many bytes of the last piece belonged to this response. */
  readonly consumed: number;
  /** The status by which the whole response refuses the request; null when it does not. */
  readonly refusal: number | null;
  /** Whether the connection may carry another request after the whole response. */
  readonly persistent: boolean;
}

/** The requests and responses of a connection. */
export interface Protocol {
  /** `last`: nothing more will be asked for on this connection. */
  request(attempt: number, last: boolean): Buffer;
  reader(): ResponseReader;
}

/** A protocol, and its command-line flags. */
export interface Saying {
  flags: Flag[];
  /** Throws an Error with one sentence for the user when a flag's value is wrong. */
  protocol: (plan: ClientPlan, said: Said) => Protocol;
}
