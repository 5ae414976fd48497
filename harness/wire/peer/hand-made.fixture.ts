import type { PeerPlan, PeerStep } from "../../model/peer.ts";
import type { TcpFlag } from "../../model/segment.ts";
import type { HostAddresses } from "../order.ts";
import { buildSegment, type SegmentPlan } from "../packet/build.ts";
import { flagBits, flagNames } from "../packet/flags.ts";
import { parseFrame, type TcpFrame } from "../packet/frame.ts";
import { Peer } from "./peer.ts";

// A peer for tests: the test itself gives it the segments.

/** The addresses of a host at an end of the bench. */
export const hostAt = (n: 1 | 2): HostAddresses => ({
  ethernet: `02:00:00:00:00:0${n}`,
  ipv4: `192.0.2.${n}`,
  ipv6: `2001:db8:0:0::${n}`,
});
export const SEED = 7;
/** The initial sequence number of the kernel's end, which is the client: 16 before the numbers wrap to 0. */
export const THEIRS = 0xffff_fff0;

/** A segment from the kernel's end. */
export interface Came extends Partial<Omit<SegmentPlan, "flags">> {
  flags: TcpFlag[];
  /** Relative to THEIRS. */
  at?: number;
  bytes?: number;
}

/** The whole frame of such a segment. */
export function frameOf({ flags, at = 0, bytes = 0, ...rest }: Came, family: 4 | 6 = 4): Uint8Array {
  const [client, server] = family === 4 ? ["192.0.2.1", "192.0.2.2"] : ["2001:db8::1", "2001:db8::2"];
  return buildSegment({
    ethernet: { source: Uint8Array.of(2, 0, 0, 0, 0, 1), destination: Uint8Array.of(2, 0, 0, 0, 0, 2) },
    source: client,
    destination: server,
    sourcePort: 40_001,
    destinationPort: 8080,
    sequence: (THEIRS + at) >>> 0,
    acknowledgement: 0,
    windowField: 1000,
    payload: new Uint8Array(bytes),
    ...rest,
    flags: flagBits(flags),
  });
}

/** A peer at the server's end, and the segments it sent, relative to its own first number and to THEIRS. */
export class Bench {
  readonly peer: Peer;
  readonly frames: TcpFrame[] = [];
  #first: number | null = null;

  constructor(steps: PeerStep[], changes: Partial<PeerPlan> = {}, seed = SEED) {
    const plan: PeerPlan = { host: "server", connections: 1, port: 8080, steps, ...changes };
    this.peer = new Peer(plan, seed, 1, [hostAt(1), hostAt(2)]);
    this.run(0);
  }

  come(came: Came, nowUs = 0): string[] {
    const bytes = frameOf(came);
    this.peer.hear(bytes, bytes.length, nowUs);
    return this.run(nowUs);
  }

  /** The segments that the peer sends by now: `SYN-ACK 0+0 ack 1 win 1000`. */
  run(nowUs: number): string[] {
    return this.peer.speak(nowUs).map((bytes) => {
      const frame = parseFrame(bytes, bytes.length);
      if (frame.kind !== "tcp") throw new Error(`a peer sent a frame that is ${frame.kind}`);
      this.frames.push(frame);
      this.#first ??= frame.sequence;
      const sequence = (frame.sequence - this.#first) | 0;
      const ack = flagNames(frame.flags).includes("ACK")
        ? ` ack ${(frame.acknowledgement - THEIRS) >>> 0}`
        : "";
      const flags = flagNames(frame.flags).join("-");
      return `${flags} ${sequence}+${frame.payloadBytes}${ack} win ${frame.windowField}`;
    });
  }
}

const windowBytes = 1000;
/** A step that sends a segment with these flags. */
export const say = (...flags: TcpFlag[]): PeerStep => ({ send: { flags, windowBytes } });
/** A step that awaits a segment with these flags, for at most 100 ms. */
export const awaits = (...flags: TcpFlag[]): PeerStep => ({ await: { flags }, withinMs: 100 });
