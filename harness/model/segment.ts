import type { HostName } from "./names.ts";

/** The flags of a TCP header that rules can name (RFC 9293 section 3.1). */
export const TCP_FLAGS = ["FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"] as const;
export type TcpFlag = (typeof TCP_FLAGS)[number];

/** Selects segments. A key that is absent matches every segment. */
export interface SegmentMatch {
  from?: HostName;
  /** Flags that must be set (`flags`), and flags that must not be set (`without`). */
  flags?: TcpFlag[];
  without?: TcpFlag[];
  payload?: "some" | "none";
  /** The payload has at least so many bytes. */
  payloadAtLeast?: number;
  /** The service's port, at either end. */
  port?: number;
  /** The n-th connection on this link, from 1, by its first SYN. */
  connection?: number;
  /** Counts from 1 the segments that match all the other keys, and selects those from `from` to `to`. `to` null: no upper limit. */
  nth?: { from: number; to: number | null };
  /**
   * Only segments of connections over which no segment of either end had come for so long, and everything over these connections from then
   * on: what a middlebox does that forgets idle connections.
   */
  idleForMs?: number;
  /** Only after the intervention of that name was done. */
  after?: string;
  /** Only until the intervention of that name was done. */
  until?: string;
}

/** The options of a TCP header that are recorded. An absent option was not in the header. */
export interface PacketOptions {
  mssBytes?: number;
  windowScale?: number;
  sackPermitted?: true;
  /** Left and right edges, relative to the receiver's SYN. */
  sack?: [number, number][];
  timestamps?: { value: number; echo: number };
  /** In hexadecimal. An empty string is a request for a cookie (RFC 7413). */
  fastOpenCookie?: string;
}
