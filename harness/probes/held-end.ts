import { repeats, type WireConnection } from "../measure/packets.ts";
import type { Recording } from "../model/recording.ts";
import type { PacketSample } from "../model/sample.ts";
import { inSeconds, rowsOf } from "./rows.ts";

// For how long a server holds its end of a connection that it has begun to close, while its client says nothing.

/** tcp_fin_timeout of the server's host, so that what is left to the kernel is over before patience is. */
export const FIN_TIMEOUT_S = 2;
/**
 * How long a held end is waited for, if patience is not longer. Servers that close in stages have deadlines of up to 30 s: Apache's
 * MAX_SECS_TO_LINGER (server/mpm/event), nginx's lingering_time, ssl_shutdown_timeout of Python's asyncio, the closeTimeout of ws. A server
 * without one is waited for in vain.
 */
const DEADLINES_MS = 35_000;
/** When the server's close can have been seen. */
export const CLOSES_MS = 500;

/** How long a held end is waited for. */
export function longestMs(patienceMs: number): number {
  return Math.max(patienceMs, DEADLINES_MS);
}

/** The states of the server's end of a connection whose client never closes, as long as it has one. */
export const OPEN = [
  "ESTABLISHED" as const,
  "FIN-WAIT-1" as const,
  "FIN-WAIT-2" as const,
  "CLOSING" as const,
];

/** Something by which the server began to close. */
export interface Goodbye {
  atUs: number;
  what: string;
}

/** What became of the server's end of a connection. */
export interface HeldEnd {
  /** null: it did not begin to close. */
  goodbye: Goodbye | null;
  /** The last sample in which a process, or the queue of a listener, had it. */
  heldUntilUs: number;
  /** Whether that is the last sample of all. */
  isHeld: boolean;
  /** What the client sent after the goodbye, although it was to say nothing; null: nothing. */
  answered: string | null;
  observed: string;
}

/** What became of the server's end. `more`: goodbyes that segments do not show. null without a sample of the server's sockets. */
export function heldEnd(
  recording: Recording,
  connection: WireConnection,
  more: readonly Goodbye[] = [],
): HeldEnd | null {
  const rows = rowsOf(recording, connection, "server");
  const last = rows.at(-1);
  if (last === undefined) return null;
  const isHeldIn = ({ row }: (typeof rows)[number]): boolean => row !== null && row.owner !== "none";
  const heldUntilUs = rows.findLast(isHeldIn)?.atUs ?? connection.fromUs;
  const isHeld = isHeldIn(last);
  const [goodbye = null] = [...segmentsOf(connection), ...more].toSorted((a, b) => a.atUs - b.atUs);
  if (goodbye === null) {
    const observed = `the server had not closed after ${inSeconds(last.atUs - connection.fromUs)}`;
    return { goodbye, heldUntilUs, isHeld, answered: null, observed };
  }
  const forUs = Math.max(0, heldUntilUs - goodbye.atUs);
  const how = isHeld
    ? `it still held the descriptor in ${last.row?.state} ${inSeconds(forUs)} later`
    : `it held the descriptor for another ${inSeconds(forUs)}`;
  const kernel = rows.findLast(({ row }) => row !== null && row.owner === "none");
  const left =
    kernel === undefined || isHeld
      ? ""
      : `; then the kernel had ${kernel.row?.state} (tcp_fin_timeout is ${FIN_TIMEOUT_S} s here)`;
  return {
    goodbye,
    heldUntilUs,
    isHeld,
    answered: answeredAfter(connection, goodbye.atUs),
    observed: `the server's ${goodbye.what} came after ${inSeconds(goodbye.atUs - connection.fromUs)}; ${how}${left}`,
  };
}

/** Whether the server held its end for as long as it was waited for. */
export function isHeldTooLong({ goodbye, heldUntilUs, isHeld }: HeldEnd, patienceMs: number): boolean {
  if (goodbye === null || !isHeld) return false;
  return heldUntilUs - goodbye.atUs >= (longestMs(patienceMs) - 2 * CLOSES_MS) * 1000;
}

/** Whether the server sent an RST instead of a FIN, right behind its last data. */
export function isResetAtOnce(connection: WireConnection): boolean {
  const last = lastOfServer(connection);
  if (last === undefined || !last.flags.includes("RST")) return false;
  const data = connection.packets.findLast(
    ({ from, payloadBytes, atUs }) => from === "server" && payloadBytes > 0 && atUs <= last.atUs,
  );
  return data !== undefined && last.atUs - data.atUs <= CLOSES_MS * 1000;
}

/** The server's first FIN or RST. */
function lastOfServer({ packets }: WireConnection): PacketSample | undefined {
  return packets.find(
    ({ from, flags, phase }) => from === "server" && phase !== "end" && /FIN|RST/.test(flags.join()),
  );
}

function segmentsOf(connection: WireConnection): Goodbye[] {
  const first = lastOfServer(connection);
  if (first === undefined) return [];
  return [{ atUs: first.atUs, what: first.flags.includes("RST") ? "RST" : "FIN" }];
}

/** What the client sent after the server's goodbye, as the wire shows it. What it sends again does not count. */
function answeredAfter({ packets }: WireConnection, us: number): string | null {
  const again = repeats(packets);
  const isAnswer = (packet: PacketSample): boolean =>
    packet.from !== "server" &&
    packet.atUs > us &&
    packet.phase !== "end" &&
    !again.has(packet) &&
    (packet.payloadBytes > 0 || packet.flags.includes("FIN"));
  const answer = packets.find(isAnswer);
  if (answer === undefined) return null;
  const what = answer.flags.includes("FIN") ? "a FIN" : `${answer.payloadBytes} bytes`;
  return `the client was to say nothing, and sent ${what} ${inSeconds(answer.atUs - us)} later`;
}
