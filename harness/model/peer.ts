import type { HostName } from "./names.ts";
import type { PacketOptions, SegmentMatch, TcpFlag } from "./segment.ts";

/**
 * A host of a wire whose TCP is a script: it says what is written here, segment by segment, and nothing else; it sends nothing
 * a second time by itself. Its kernel answers ARP, neighbour discovery and ping as ever, and neither hears TCP from the wire nor
 * is heard on it. What the script says enters the wire as any host's frame does: rules, delay and loss apply.
 */
export interface PeerPlan {
  /** One of the wire's `between`. */
  host: HostName;
  /** For how many connections the script runs, all at once, each for itself. Those that come beyond are met with silence. */
  connections: number;
  /** The port it answers on. Where it calls, by `to`: its own port of the first connection; the others have those that follow. */
  port: number;
  /** The port that it calls at the other end. Absent: it waits to be called. */
  to?: number;
  /** In which family it calls; IPv4 when absent. One that is called answers in the family in which it was addressed. */
  family?: 4 | 6;
  steps: PeerStep[];
}

/** One after another; the script begins with the trial. */
export type PeerStep =
  | { send: PeerSegment }
  /**
   * Until a segment like this has come, of those that came after the segment that met the await before; those in between are
   * passed over. Not in time, and the script ends there: the trial is inconclusive. Time counts from the step's beginning.
   */
  | { await: PeerMatch; withinMs: number }
  /** Until the intervention of that name is done. */
  | { after: string }
  | { waitMs: number }
  /**
   * From here on, beyond the last step too: whatever takes room or is out of place is acknowledged at once, with this window. A SYN
   * without ACK is not: what to say to it is the script's to write. `null`, as in the beginning, is silence.
   */
  | { answer: { windowBytes: number } | null };

export type PeerMatch = Pick<SegmentMatch, "flags" | "without" | "payload">;

export interface PeerSegment {
  flags: TcpFlag[];
  /** Relative to the peer's own initial number, which is drawn from the wire's seed; less than 0 lies before it. "next", as when absent: what follows the furthest segment sent since the last SYN. */
  sequence?: number | "next";
  /** Relative to the other end's latest SYN. "next", as when absent where ACK is set: all that has come without a gap. */
  acknowledgement?: number | "next";
  /** Scaled as the two SYNs agreed, and rounded down to what its field can say. */
  windowBytes: number;
  /** All one letter, the connection's own: `a` for the first, as `clients/calls` has it; behind `z` comes `a` again. */
  payloadBytes?: number;
  options?: PeerOptions;
}

/** As in a PacketSample; `echo` may be the value that came last. */
export type PeerOptions = Omit<PacketOptions, "timestamps"> & {
  timestamps?: { value: number; echo: number | "latest" };
};
