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

/** The stream of a wire's seed for initial sequence numbers. Streams 0 and 1 are for loss in the two directions. */
const INITIAL_NUMBERS = 2;
const LETTER_A = 0x61;
const LETTERS = 26;

/** The addresses and ports of a connection, as in the segments that the peer sends. */
type Ends = Pick<SegmentPlan, "source" | "destination" | "sourcePort" | "destinationPort">;

interface Line {
  script: Script;
  /** null until the other end calls. */
  ends: Ends | null;
  letter: number;
}

/**
 * The TCP of a host whose TCP is a script: it takes the frames to that host, and returns its own frames when they are due. Like its scripts
 * it is pure: it uses no socket and no clock.
 */
export class Peer {
  readonly side: Side;
  readonly #plan: PeerPlan;
  readonly #ethernet: SegmentPlan["ethernet"];
  readonly #lines: Line[];
  /** By the addresses and ports of the connection. */
  readonly #byEnds = new Map<string, Line>();
  readonly #done = new Set<string>();
  #outgoing: Uint8Array[] = [];
  #called = 0;
  #dueUs = 0;

  /** `hosts` are the hosts at the wire's two ends. The peer is the host at `side`. */
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

  /** Takes a frame. Returns true for a TCP segment; all other frames are for the host's kernel. The caller can use the bytes again. */
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

  /** Reports that an intervention is done: scripts that wait for it continue. */
  done(intervention: string, nowUs: number): void {
    this.#done.add(intervention);
    for (const { script } of this.#lines) script.run(nowUs);
    this.#collect();
  }

  /** Returns the frames that are due, in order. */
  speak(nowUs: number): Uint8Array[] {
    if (this.nextDueUs() > nowUs) return [];
    for (const { script } of this.#lines) if (script.dueUs <= nowUs) script.run(nowUs);
    this.#collect();
    const outgoing = this.#outgoing;
    this.#outgoing = [];
    return outgoing;
  }

  /** When the peer sends next if no segment arrives before; Infinity when it waits for no time. */
  nextDueUs(): number {
    return this.#outgoing.length > 0 ? 0 : this.#dueUs;
  }

  /** The connections for which the script has not reached its end. */
  unfinished(): NonNullable<WireSummary["unfinished"]> {
    return this.#lines.flatMap(({ script: { unfinished } }, n) =>
      unfinished === null ? [] : [{ connection: n + 1, ...unfinished }],
    );
  }

  /** The connection of a segment. A first SYN begins a connection with a script that is not used yet. */
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

/** Whether a segment's checksum is correct. The peer drops damaged segments, as a kernel does (RFC 9293 section 3.1). */
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

/** An IPv6 address as parsed frames spell it: an IPv6 address has many spellings. */
function canonical(ipv6: string): string {
  return addressText(addressBytes(ipv6), 0, 6);
}

function ethernetBytes(text: string): Uint8Array {
  return Uint8Array.from(text.split(":"), (byte) => Number.parseInt(byte, 16));
}
