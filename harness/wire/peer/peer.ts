import type { PeerPlan } from "../../model/peer.ts";
import { Chance } from "../chance.ts";
import type { HostAddresses, WireSummary } from "../order.ts";
import { addressBytes, addressText } from "../packet/address.ts";
import { buildSegment, type SegmentPlan } from "../packet/build.ts";
import { checksum, pseudoHeaderSum } from "../packet/checksum.ts";
import { FLAG } from "../packet/flags.ts";
import { parseFrame, type TcpFrame } from "../packet/frame.ts";
import { across, type Side } from "../side.ts";
import { Numbers, type Spoken } from "./numbers.ts";
import { Script } from "./script.ts";

/** Streams 0 and 1 of a wire's seed are for loss each way. */
const INITIAL_NUMBERS = 2;
const LETTER_A = 0x61;
const LETTERS = 26;

/** Between which ends a connection's segments go, as the peer sends them. */
type Ends = Pick<SegmentPlan, "source" | "destination" | "sourcePort" | "destinationPort">;

interface Line {
  script: Script;
  /** null until somebody calls. */
  ends: Ends | null;
  letter: number;
}

/**
 * The TCP of a host without a kernel's: frames to it are heard, and frames of its own come out when they are due. Pure, as its
 * scripts are: it knows no socket and no clock.
 */
export class Peer {
  readonly side: Side;
  readonly #plan: PeerPlan;
  readonly #ethernet: SegmentPlan["ethernet"];
  readonly #lines: Line[];
  /** By the ends of a segment that comes. */
  readonly #byEnds = new Map<string, Line>();
  readonly #done = new Set<string>();
  #outgoing: Uint8Array[] = [];
  #called = 0;
  #dueUs = 0;

  /** `hosts` are those at the wire's two ends, and the peer is the one at `side`. */
  constructor(plan: PeerPlan, seed: number, side: Side, hosts: readonly [HostAddresses, HostAddresses]) {
    const own = hosts[side];
    const other = hosts[across(side)];
    const chance = new Chance(seed, INITIAL_NUMBERS);
    this.side = side;
    this.#plan = plan;
    this.#ethernet = { source: ethernetBytes(own.ethernet), destination: ethernetBytes(other.ethernet) };
    this.#lines = Array.from({ length: plan.connections }, (_, n) => {
      const numbers = new Numbers(Math.floor(chance.next() * 0x1_0000_0000));
      const script = new Script(plan.steps, numbers, (name) => this.#done.has(name));
      return { script, ends: null, letter: LETTER_A + (n % LETTERS) };
    });
    if (plan.to === undefined) return;
    const address = ({ ipv4, ipv6 }: HostAddresses): string => (plan.family === 6 ? canonical(ipv6) : ipv4);
    for (const [n, line] of this.#lines.entries()) {
      const ports = { sourcePort: plan.port + n, destinationPort: plan.to };
      this.#connect(line, { source: address(own), destination: address(other), ...ports });
    }
  }

  /** Whether a frame is the script's and not its host's kernel's: a TCP segment. It is heard then. The bytes may be used again. */
  hear(bytes: Uint8Array, length: number, nowUs: number): boolean {
    const frame = parseFrame(bytes, length);
    if (frame.kind !== "tcp") return false;
    const line = isWhole(frame, bytes) ? this.#lineOf(frame) : undefined;
    if (line === undefined) return true;
    const { flags, sequence, payloadBytes, options } = frame;
    line.script.hear({ flags, sequence, payloadBytes, options }, nowUs);
    this.#collect();
    return true;
  }

  /** An intervention was done: what waits for it goes on. */
  done(intervention: string, nowUs: number): void {
    this.#done.add(intervention);
    for (const { script } of this.#lines) script.run(nowUs);
    this.#collect();
  }

  /** Takes the frames that are due by now, in order. */
  speak(nowUs: number): Uint8Array[] {
    if (this.nextDueUs() > nowUs) return [];
    for (const { script } of this.#lines) if (script.dueUs <= nowUs) script.run(nowUs);
    this.#collect();
    const outgoing = this.#outgoing;
    this.#outgoing = [];
    return outgoing;
  }

  /** When it wants to speak, if nothing comes before; Infinity when it waits for no time. */
  nextDueUs(): number {
    return this.#outgoing.length > 0 ? 0 : this.#dueUs;
  }

  /** The connections for which the script has not come to its end. */
  unfinished(): NonNullable<WireSummary["unfinished"]> {
    return this.#lines.flatMap(({ script: { unfinished } }, n) =>
      unfinished === null ? [] : [{ connection: n + 1, ...unfinished }],
    );
  }

  /** The connection that a segment belongs to; one that is called for the first time takes a script that waits. */
  #lineOf(frame: TcpFrame): Line | undefined {
    const { source, destination, sourcePort, destinationPort } = frame;
    const ends = {
      source: destination,
      destination: source,
      sourcePort: destinationPort,
      destinationPort: sourcePort,
    };
    const known = this.#byEnds.get(keyOf(ends));
    const isCall = (frame.flags & (FLAG.SYN | FLAG.ACK | FLAG.RST)) === FLAG.SYN;
    if (known !== undefined || !isCall || this.#plan.to !== undefined) return known;
    if (destinationPort !== this.#plan.port) return undefined;
    const line = this.#lines[this.#called];
    if (line === undefined) return undefined;
    this.#called += 1;
    this.#connect(line, ends);
    return line;
  }

  #connect(line: Line, ends: Ends): void {
    line.ends = ends;
    this.#byEnds.set(keyOf(ends), line);
  }

  #collect(): void {
    let dueUs = Number.POSITIVE_INFINITY;
    for (const { script, ends, letter } of this.#lines) {
      for (const spoken of script.spoken.splice(0)) {
        if (ends !== null) this.#outgoing.push(this.#frame(spoken, ends, letter));
      }
      dueUs = Math.min(dueUs, script.dueUs);
    }
    this.#dueUs = dueUs;
  }

  #frame({ payloadBytes, ...numbers }: Spoken, ends: Ends, letter: number): Uint8Array {
    const payload = new Uint8Array(payloadBytes).fill(letter);
    return buildSegment({ ethernet: this.#ethernet, ...ends, ...numbers, payload });
  }
}

/** A kernel drops what was damaged on the way, and so do we (RFC 9293 section 3.1). */
function isWhole(
  { ipVersion, addressesOffset, tcpOffset, payloadOffset, payloadBytes }: TcpFrame,
  bytes: Uint8Array,
): boolean {
  const end = payloadOffset + payloadBytes;
  const sum = pseudoHeaderSum(bytes, addressesOffset, ipVersion, end - tcpOffset);
  return checksum(bytes, tcpOffset, end, sum) === 0;
}

function keyOf({ source, destination, sourcePort, destinationPort }: Ends): string {
  return `${source} ${sourcePort} ${destination} ${destinationPort}`;
}

/** As frames tell it: an IPv6 address has many spellings. */
function canonical(ipv6: string): string {
  return addressText(addressBytes(ipv6), 0, 6);
}

function ethernetBytes(text: string): Uint8Array {
  return Uint8Array.from(text.split(":"), (byte) => Number.parseInt(byte, 16));
}
