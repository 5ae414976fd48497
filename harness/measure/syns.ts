import type { HostName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import type { PacketSample } from "../model/sample.ts";
import { answerTo } from "./answer.ts";
import { calls } from "./calls.ts";
import { repeats, wireConnections } from "./packets.ts";
import { percentile } from "./percentile.ts";
import { acknowledges } from "./closing.ts";
import { isMeant, segments, type Segments } from "./segments.ts";

/** The first SYN of the client's n-th connection. */
export function synOf(recording: Recording, connection: number): PacketSample | undefined {
  return segments(recording, { connection, from: "client", flags: ["SYN"] })[0];
}

/** The server's first SYN-ACK on that connection. */
export function synAckOf(recording: Recording, connection: number): PacketSample | undefined {
  return segments(recording, { connection, from: "server", flags: ["SYN", "ACK"] })[0];
}

/** How many sequence numbers a connection's SYN took besides its payload, by the SYN-ACK; null without one. */
export function numbersOfSyn(recording: Recording, connection: number): number | null {
  const [syn, answer] = [synOf(recording, connection), synAckOf(recording, connection)];
  if (syn === undefined || answer === undefined || answer.acknowledgement === null) return null;
  return answer.acknowledgement - syn.sequence - syn.payloadBytes;
}

/** What a connection's SYN carried, as tcpdump prints it: `tfo cookie, length 97`; null without a SYN. */
export function synCarried(recording: Recording, connection: number): string | null {
  const syn = synOf(recording, connection);
  if (syn === undefined) return null;
  const { fastOpenCookie } = syn.options;
  const option =
    fastOpenCookie === undefined ? "" : fastOpenCookie === "" ? "tfo cookiereq, " : "tfo cookie, ";
  return `${option}length ${syn.payloadBytes}`;
}

/** How many bytes of the SYN's data a connection's SYN-ACK acknowledged; null without a SYN-ACK. */
export function synDataAcknowledged(recording: Recording, connection: number): number | null {
  const acknowledgement = synAckOf(recording, connection)?.acknowledgement ?? null;
  return acknowledgement === null ? null : acknowledgement - 1;
}

/** How much sooner the second connection was answered than the first, in round trips (the time to the SYN-ACK of the first one). */
export function savedRoundTrips(recording: Recording): number | null {
  const [first, second] = [answeredMs(recording, 0), answeredMs(recording, 1)];
  const [syn, synAck] = [synOf(recording, 1), synAckOf(recording, 1)];
  if (first === null || second === null || syn === undefined || !synAck?.sentUs) return null;
  return (first - second) / ((synAck.sentUs - syn.atUs) / 1000);
}

/** From the first call for the client's n-th connection, from 0, to its answer, in milliseconds; null when one was not reported. */
export function answeredMs(recording: Recording, nth: number): number | null {
  const made = calls(recording, { program: "client" });
  const begun = made.filter(
    ({ call, result }) => call === "sendto" || (call === "connect" && result === null),
  )[nth];
  const over = made.filter(({ call }) => call === "recv")[nth];
  return begun === undefined || over === undefined ? null : (over.atUs - begun.atUs) / 1000;
}

/** When a host's segments with a SYN entered their wire, in seconds from the first one; only those of a service's port. */
export function synSeconds(recording: Recording, from: HostName, port: number): number[] {
  const times = segments(recording, { from, flags: ["SYN"] })
    .filter(({ fromPort, toPort }) => fromPort === port || toPort === port)
    .map(({ atUs }) => atUs / 1e6);
  return times.map((at) => at - (times[0] ?? at));
}

/** How many connections on a wire carried no segment from the host `by`. */
export function unansweredConnections(recording: Recording, link: number, by: HostName): number {
  return wireConnections(recording).filter(
    (one) => one.link === link && !one.packets.some(({ from }) => from === by),
  ).length;
}

/** How many connections a repeated request completed: the server received it last before it sent more than SYN-ACKs. */
export function completedByRequest(recording: Recording): number {
  return wireConnections(recording).filter(({ packets }) => {
    const word = packets.find(({ from, flags }) => from === "server" && !flags.includes("SYN"));
    if (word === undefined || word.flags.includes("RST")) return false;
    const heard = packets.findLast(
      ({ from, sentUs }) => from === "client" && sentUs !== null && sentUs <= word.atUs,
    );
    return heard !== undefined && heard.payloadBytes > 0 && repeats(packets).has(heard);
  }).length;
}

/** The flags of the answer to the client's second SYN, or `nothing`; null when there was no such SYN. */
export function answerToSecondSyn(recording: Recording): string | null {
  const syn = segments(recording, { from: "client", flags: ["SYN"], without: ["ACK"] })[1];
  if (syn === undefined) return null;
  const answer = answerTo(recording, syn);
  // Segments at the end of the trial come from programs that are being ended.
  return answer === null || answer.phase === "end" ? "nothing" : answer.flags.join("-");
}

/** SYNs from unused ports with an older timestamp than the SYN before them from that address, and how many of them got no SYN-ACK. */
export function olderSyns(recording: Recording): { sent: number; dropped: number } {
  const syns = segments(recording, { from: "router", flags: ["SYN"] });
  const fresh = wireConnections(recording).filter(({ isSuccessor }) => !isSuccessor);
  const older = fresh.filter(({ packets: [syn] }) => {
    const before = syn === undefined ? undefined : syns[syns.indexOf(syn) - 1];
    return syn !== undefined && before !== undefined && isOlder(syn, before);
  });
  const dropped = older.filter(({ packets }) => packets[1]?.flags.join("-") !== "SYN-ACK");
  return { sent: older.length, dropped: dropped.length };
}

/** By signed difference, as in tcp_paws_check(), include/net/tcp.h. */
function isOlder(a: PacketSample, b: PacketSample): boolean {
  const [one, other] = [a.options.timestamps?.value, b.options.timestamps?.value];
  return one !== undefined && other !== undefined && ((one - other) | 0) < 0;
}

/**
 * The median time over all connections, in milliseconds, from a segment to the arrival of its answer: the first later segment that matches
 * `answer` (or acknowledges it) and was not dropped. null if there was none.
 */
export function medianAnswerMs(
  recording: Recording,
  first: Segments,
  answer: Segments | "acknowledgement",
): number | null {
  const lengths = wireConnections(recording).flatMap(({ packets }) => {
    const begun = packets.find((packet) => isMeant(packet, first));
    if (begun === undefined) return [];
    const isAnswer = (packet: PacketSample): boolean =>
      answer === "acknowledgement" ? acknowledges(packet, begun) : isMeant(packet, answer);
    const last = packets.find((one) => one.atUs > begun.atUs && one.fate !== "dropped" && isAnswer(one));
    return last === undefined || last.sentUs === null ? [] : [(last.sentUs - begun.atUs) / 1000];
  });
  return percentile(lengths, 50);
}
