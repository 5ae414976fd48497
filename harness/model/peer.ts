import type { HostName } from "./names.ts";
import type { PacketOptions, SegmentMatch, TcpFlag } from "./segment.ts";

/**
 * A host of a wire whose TCP is a script. It sends the segments that are written here and nothing else; it does not retransmit by
 * itself. The host's kernel answers ARP, neighbour discovery and ping as usual, but TCP segments do not pass between the kernel and the
 * wire. The script's segments enter the wire like the frames of any host: rules, delay and loss apply.
 */
export interface PeerPlan {
  /** One of the wire's `between`. */
  host: HostName;
  /** How many connections the script runs for. They run at the same time, independently. Further connections get no answer. */
  connections: number;
  /** The port on which the peer answers. When it calls (`to`): its local port for the first connection; the others use the next ports. */
  port: number;
  /** The port to which the peer opens connections at the other end. Absent: it waits for connections. */
  to?: number;
  /** The address family in which the peer calls; IPv4 when absent. A peer that is called answers in the caller's family. */
  family?: 4 | 6;
  steps: PeerStep[];
}

/** The steps run one after another. The script begins with the trial. */
export type PeerStep =
  | { send: PeerSegment }
  /**
   * Waits for a segment that matches. Only segments after the one that matched the previous await count; others are skipped. `withinMs`
   * counts from the step's beginning. When no segment matches in time, the script ends, and the trial is inconclusive.
   */
  | { await: PeerMatch; withinMs: number }
  /** Waits until the intervention of that name is done. */
  | { after: string }
  | { waitMs: number }
  /**
   * From here on, also after the last step: every segment that takes sequence space or is out of order is acknowledged at once, with this
   * window. A SYN without ACK is not: the script itself must answer it. `null` sends no such acknowledgements, as at the beginning.
   */
  | { answer: { windowBytes: number } | null };

export type PeerMatch = Pick<SegmentMatch, "flags" | "without" | "payload">;

export interface PeerSegment {
  flags: TcpFlag[];
  /**
   * Relative to the peer's own initial sequence number, which is drawn from the wire's seed; a negative number is before it. "next", the
   * default, is the number after the furthest segment sent since the last SYN.
   */
  sequence?: number | "next";
  /** Relative to the other end's latest SYN. "next", the default with ACK, acknowledges everything that was received without a gap. */
  acknowledgement?: number | "next";
  /** Scaled as the two SYNs agreed, and rounded down to a value that the header field can express. */
  windowBytes: number;
  /** The payload is one letter, repeated: each connection's own, as in `clients/calls`. The first has `a`; after `z` comes `a` again. */
  payloadBytes?: number;
  options?: PeerOptions;
}

/** As in a PacketSample. `echo` can be "latest": the last value received. */
export type PeerOptions = Omit<PacketOptions, "timestamps"> & {
  timestamps?: { value: number; echo: number | "latest" };
};
