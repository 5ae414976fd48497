import type { HostName } from "./names.ts";

/** The flags of a TCP header that rules speak of (RFC 9293 section 3.1). */
export const TCP_FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"] as const;
export type TcpFlag = (typeof TCP_FLAGS)[number];

/** Which segments are meant. What is absent is not asked. */
export interface SegmentMatch {
  from?: HostName;
  /** Flags that must be set, and flags that must not. */
  flags?: TcpFlag[];
  without?: TcpFlag[];
  payload?: "some" | "none";
  /** The service's port, at either end. */
  port?: number;
  /** The n-th connection on this link, from 1, by its first SYN. */
  connection?: number;
  /** Of the segments that match all else: from which to which, from 1; `to` null is all that follow. */
  nth?: { from: number; to: number | null };
  /** Only after the intervention of that name was done. */
  after?: string;
  /** Only until the intervention of that name was done. */
  until?: string;
}

/** The options of a TCP header that matter here; what is absent was not there. */
export interface PacketOptions {
  mssBytes?: number;
  windowScale?: number;
  sackPermitted?: true;
  /** Left and right edges, relative to the receiver's SYN. */
  sack?: [number, number][];
  timestamps?: { value: number; echo: number };
  /** Hexadecimal; empty is a request for one (RFC 7413). */
  fastOpenCookie?: string;
}
