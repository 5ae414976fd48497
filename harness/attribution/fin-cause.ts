import type { PacketSample, ProcessesSample } from "../model/sample.ts";
import type { SeenState } from "../model/state.ts";
import { decided, likely, span, undecided, type Verdict } from "./attribution.ts";
import { arrivedBefore, type Closing, endOf, isFrom, reaches } from "./closings.ts";
import type { Ends } from "./ended.ts";
import type { Sources } from "./evidence.ts";
import type { SocketLook } from "./rows.ts";

/** The states in which a socket's own FIN was sent (RFC 9293 section 3.3.2), as long as it has a row of its own. */
const FINISHED: readonly SeenState[] = ["FIN-WAIT-1", "FIN-WAIT-2", "CLOSING", "LAST-ACK"];

/**
 * Whether a FIN is one of close() or of shutdown(). Both send it alike (tcp_close and tcp_shutdown in net/ipv4/tcp.c call tcp_send_fin). The
 * difference is afterwards: a closed socket has no inode any more (sock_orphan), and refuses data with a reset; one that is only shut down
 * is held by a process, and its kernel goes on to acknowledge data.
 */
export function finCause(closing: Closing, sources: Sources): Verdict {
  const { packet, near, far, connection } = closing;
  const { rows, ends } = sources;
  const taken = takenAfter(closing);
  if (taken !== null) {
    return decided(
      "shutdown",
      `it took ${taken.payloadBytes} bytes ${span(taken.atUs - packet.atUs)} after its FIN`,
    );
  }
  const looks = rows.of(near, far, packet.atUs, connection.untilUs ?? Infinity);
  const held = whetherHeld(looks, closing, ends);
  if (held !== null) return held;
  const refusal = refusedAfter(closing);
  if (refusal === null) return rowless(closing, looks, sources);
  const when = span(refusal.atUs - packet.atUs);
  return likely("close", `it refused data with a reset ${when} after its FIN`, "shutdown");
}

/** How soon after the FIN of a close() the reset of the same call is sent. */
const SAME_CALL_US = 5000;

/**
 * The cause of a FIN that the socket's own reset follows at once, where only a socket that nobody holds resets itself for that reason
 * (tcp_check_oom in __tcp_close, net/ipv4/tcp.c); null for other resets.
 */
export function finBeforeReset(fin: Closing, reset: Closing, verdict: Verdict | undefined): Verdict | null {
  const afterUs = reset.packet.atUs - fin.packet.atUs;
  if (verdict?.cause !== "orphan-limit" || afterUs < 0 || afterUs > SAME_CALL_US) return null;
  return likely(
    "close",
    `the socket reset itself ${span(afterUs)} after its FIN, as only one that nobody holds does for the orphan limit`,
    "shutdown",
  );
}

/** A segment of data that was sent to the end after its FIN, and that it has acknowledged. */
function takenAfter({ connection, packet, near }: Closing): PacketSample | null {
  const known = packet.acknowledgement;
  if (known === null) return null;
  const later = connection.packets.filter((one) => one.atUs > packet.atUs);
  const acknowledged = later
    .filter((one) => isFrom(near, one) && !one.flags.includes("RST"))
    .flatMap(({ acknowledgement }) => acknowledgement ?? []);
  return (
    connection.packets.find(
      (one) =>
        !isFrom(near, one) &&
        one.payloadBytes > 0 &&
        one.sentUs !== null &&
        one.sentUs > packet.atUs &&
        !reaches(known, one.sequence + one.payloadBytes) &&
        acknowledged.some((number) => reaches(number, one.sequence + one.payloadBytes)),
    ) ?? null
  );
}

/**
 * The reset with which the end refused data after its FIN, or the acknowledgement of the FIN itself (TCP_LINGER2 below 0). A socket that
 * the other end has reset refuses them, too, whoever holds it.
 */
function refusedAfter(closing: Closing): PacketSample | null {
  const { connection, packet, near } = closing;
  const untilUs = connection.untilUs ?? Infinity;
  const later = connection.packets.filter(({ atUs }) => atUs > packet.atUs && atUs < untilUs);
  const refusal = later.find(
    (one) =>
      isFrom(near, one) &&
      one.flags.includes("RST") &&
      !one.flags.includes("ACK") &&
      later.some((other) => !isFrom(near, other) && isRefused(other, one, packet)),
  );
  if (refusal === undefined) return null;
  const isReset = arrivedBefore(closing, near, refusal.atUs).some(({ flags }) => flags.includes("RST"));
  return isReset ? null : refusal;
}

function isRefused(other: PacketSample, reset: PacketSample, fin: PacketSample): boolean {
  const isAnswered =
    other.acknowledgement === reset.sequence && other.sentUs !== null && other.sentUs <= reset.atUs;
  return (
    isAnswered && (other.payloadBytes > 0 || (other.flags.join() === "ACK" && reset.sequence === endOf(fin)))
  );
}

/** What the rows after the FIN show; null where none shows a socket that has sent its FIN and is not over. */
function whetherHeld(looks: SocketLook[], { packet, near, connection }: Closing, ends: Ends): Verdict | null {
  let tentative: Verdict | null = null;
  for (const { atUs, socket } of looks) {
    if (socket === null || !FINISHED.includes(socket.state)) continue;
    const { state, row } = socket;
    const when = span(atUs - packet.atUs);
    const processes = ends.lookBefore(near.host, atUs);
    const isFresh = processes !== null && processes.atUs >= packet.atUs;
    if (row.inode === 0) {
      if (tentative !== null) return tentative;
      return likely("close", `nobody held the socket ${when} after its FIN (${state}, no inode)`, "shutdown");
    }
    if (row.pids.length > 0) {
      const because = `process ${row.pids.join(", ")} held the socket ${when} after its FIN (${state})`;
      // The holders are those of the look at the processes before this one: only one after the FIN shows who held it then.
      if (isFresh) return decided("shutdown", because);
      tentative = likely("shutdown", because, "close");
    } else if (processes !== null && processes.atUs > connection.fromUs) {
      const because = `no process had a descriptor of the socket ${when} after its FIN, and it has an inode (${state}): close() waits`;
      return likely("close", because, "shutdown");
    }
  }
  return tentative;
}

/** What the processes show when the socket has no row any more that belongs to it: TIME-WAIT, or none. */
function rowless(closing: Closing, looks: SocketLook[], { ends, finsUs }: Sources): Verdict {
  const { packet, near } = closing;
  const overUs = overAt(closing);
  if (overUs === null) return undecided("no sample shows the socket after its FIN", "close", "shutdown");
  const isOver = looks.some(
    ({ atUs, socket }) => atUs >= overUs && (socket === null || socket.state === "TIME-WAIT"),
  );
  const look = ends.lookAfter(near.host, overUs);
  if (look === null || !isOver) {
    return undecided("no sample shows who held the socket after its FIN", "close", "shutdown");
  }
  const when = span(look.atUs - packet.atUs);
  const after = withoutRow(look);
  if (after === 0) {
    return likely("close", `no process held a socket without a row ${when} after its FIN`, "shutdown");
  }
  const earlier = ends.lookBefore(near.host, packet.atUs);
  const before = earlier === null ? null : withoutRow(earlier);
  const finished = (finsUs.get(near.host) ?? []).filter(
    (us) => us > (earlier?.atUs ?? 0) && us <= look.atUs,
  ).length;
  if (before !== null && after !== null && after - before === finished) {
    return likely("shutdown", `a process held the socket ${when} after its FIN, without a row`, "close");
  }
  return undecided("the connection was over before a sample showed who held its socket", "close", "shutdown");
}

/** How many sockets without a row all processes of a host held; null where that was not read. */
function withoutRow({ processes }: ProcessesSample): number | null {
  const counts = processes.map(({ socketsWithoutRow = null }) => socketsWithoutRow);
  return counts.reduce<number | null>(
    (sum, count) => (sum === null || count === null ? null : sum + count),
    0,
  );
}

/** When both FINs were acknowledged, or the other end's FIN had come in answer: from then on the end has no row of its own. */
function overAt(closing: Closing): number | null {
  const { packet, near, connection } = closing;
  const came = arrivedBefore(closing, near, connection.untilUs ?? Infinity);
  const acknowledged = came.find(
    ({ acknowledgement }) => acknowledgement !== null && reaches(acknowledgement, endOf(packet)),
  );
  const finished = came.find(({ flags }) => flags.includes("FIN") || flags.includes("RST"));
  if (finished?.flags.includes("RST") === true) return finished.sentUs;
  if (acknowledged === undefined || finished === undefined) return null;
  return Math.max(acknowledged.sentUs ?? 0, finished.sentUs ?? 0);
}
