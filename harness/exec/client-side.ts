import { samplesOf } from "../measure/evidence.ts";
import { repeats, type WireConnection, wireConnections } from "../measure/packets.ts";
import { processSeries } from "../measure/processes.ts";
import type { ClientConnections, ClientSide, HeldSockets } from "../model/exec.ts";
import type { Recording } from "../model/recording.ts";
import type { PacketSample, SocketGroup, SocketsSample } from "../model/sample.ts";
import { CLIENT } from "./scene.ts";
import { endOf, exitUs, ran, wholeUntil } from "./ran.ts";

const HOST = "client";
/** Sequence numbers that are further apart than this are behind (RFC 9293, section 3.4). */
const HALF = 2 ** 31;

/** What the client's side showed, from the samples of its host while the command ran, and from the wire. Pure. */
export function clientSide(recording: Recording): ClientSide {
  const { fromUs, toUs } = ran(recording);
  const endedUs = exitUs(recording) ?? Number.POSITIVE_INFINITY;
  const all = samplesOf(recording, "sockets", HOST);
  const untilUs = wholeUntil({ fromUs, toUs });
  const looks = all.filter(({ atUs }) => atUs >= fromUs && atUs < untilUs);
  const connections = wireConnections(recording).filter(({ ends: [first] }) => first.host === HOST);
  const packets = connections.flatMap((one) => one.packets).filter(arrived);
  const unanswered = connections.map((one) => before(one, toUs)).filter(isUnanswered);
  const resets = packets.filter(({ flags }) => flags.includes("RST"));
  return {
    samples: looks.length,
    seconds: Math.max(0, toUs - fromUs) / 1e6,
    connections: counted(connections),
    resets: {
      received: resets.filter(({ to }) => to === HOST).length,
      sent: resets.filter(({ from }) => from === HOST).length,
    },
    closeWait: held(looks, ({ state, owner }) => state === "CLOSE-WAIT" && owner !== "none"),
    unread: unread(looks),
    unowned: held(
      looks,
      ({ state, owner }) => owner === "none" && state !== "TIME-WAIT" && state !== "SYN-SENT",
    ),
    unanswered: unanswered.length,
    waiting: endOf(recording)?.endedBy === "itself" ? 0 : unanswered.filter((one) => !isEnded(one)).length,
    descriptors: descriptorsOf(recording, fromUs, untilUs),
    left: statesOf(all.findLast(({ atUs }) => atUs >= endedUs)),
    leftRunning: runningAfter(recording, endedUs),
    unrecorded: samplesOf(recording, "wire").reduce((sum, { untoldSegments }) => sum + untoldSegments, 0),
  };
}

function held(looks: readonly SocketsSample[], is: (group: SocketGroup) => boolean): HeldSockets {
  return heldBy(looks, (group) => (is(group) ? group.count : 0));
}

/** How many of a connecting end's sockets there were, counted group by group. */
function heldBy(looks: readonly SocketsSample[], counted: (group: SocketGroup) => number): HeldSockets {
  const points = looks.map((look) => ({ atUs: look.atUs, count: sumOf(look, counted) }));
  let [sinceUs, longestUs] = [-1, 0];
  for (const { atUs, count } of points) {
    if (count === 0) sinceUs = -1;
    else if (sinceUs < 0) sinceUs = atUs;
    else longestUs = Math.max(longestUs, atUs - sinceUs);
  }
  return {
    most: Math.max(0, ...points.map(({ count }) => count)),
    last: points.at(-1)?.count ?? 0,
    longestSeconds: longestUs / 1e6,
  };
}

function unread(looks: readonly SocketsSample[]): ClientSide["unread"] {
  const bytes = looks.map((look) => sumOf(look, (group) => unreadBytes(group).reduce((a, b) => a + b, 0)));
  return {
    ...heldBy(looks, unreadConnections),
    mostBytes: Math.max(0, ...bytes),
    lastBytes: bytes.at(-1) ?? 0,
  };
}

/** Of a group in CLOSE-WAIT only the examples show whether there is more than the FIN. */
function unreadConnections(group: SocketGroup): number {
  if (group.state === "ESTABLISHED" && group.receiveQueue === "holding") return group.count;
  return unreadBytes(group).filter((bytes) => bytes > 0).length;
}

/** The unread bytes of a group's examples. A FIN that was not read counts as a byte (net/ipv4/tcp_diag.c: rcv_nxt - copied_seq). */
function unreadBytes({ state, owner, examples }: SocketGroup): number[] {
  if (state !== "ESTABLISHED" && (state !== "CLOSE-WAIT" || owner === "none")) return [];
  const fin = state === "CLOSE-WAIT" ? 1 : 0;
  return examples.map(({ receiveQueueBytes }) => Math.max(0, receiveQueueBytes - fin));
}

function sumOf({ groups }: SocketsSample, of: (group: SocketGroup) => number): number {
  return groups.filter(({ side }) => side === "connector").reduce((sum, group) => sum + of(group), 0);
}

function counted(connections: readonly WireConnection[]): ClientConnections {
  const ports = new Set(connections.map(({ ends: [client] }) => client.port));
  const fates = connections.map(fateOf);
  const requests = connections.map(requestsOf);
  const ofMade = requests.filter((_, n) => fates[n] === "made");
  const all = requests.reduce((a, b) => a + b, 0);
  return {
    begun: connections.length,
    refused: fates.filter((fate) => fate === "refused").length,
    withoutAnswer: fates.filter((fate) => fate === "no answer").length,
    ports: ports.size,
    requests: all,
    requestsPerConnection:
      ofMade.length === 0 ? null : { mean: all / ofMade.length, most: Math.max(...ofMade) },
    synsAgain: connections.reduce(
      (sum, { packets }) => sum + Math.max(0, packets.filter(isSyn).length - 1),
      0,
    ),
  };
}

function requestsOf(connection: WireConnection): number {
  return turnsOf(connection).filter(({ from }) => from === HOST).length;
}

function isSyn({ from, flags }: PacketSample): boolean {
  return from === HOST && flags.includes("SYN") && !flags.includes("ACK");
}

/** What came back first: the SYN-ACK, or a RST. */
function fateOf({ packets }: WireConnection): "made" | "refused" | "no answer" {
  const first = packets.find((packet) => packet.to === HOST && arrived(packet));
  if (first === undefined) return "no answer";
  return first.flags.includes("RST") ? "refused" : "made";
}

const arrived = ({ sentUs }: PacketSample): boolean => sentUs !== null;

/**
 * The first segments with data of an end, each time that it began to send: at first, or after data of the other end. What the client sent is
 * in them, and what reached it: an answer that the wire has lost is none.
 */
function turnsOf({ packets }: WireConnection): PacketSample[] {
  const again = repeats(packets);
  let reached = 0;
  const data = packets.filter((packet) => {
    if (packet.payloadBytes === 0) return false;
    if (packet.from === HOST) return !again.has(packet);
    // Relative to the SYN, modulo 2^32.
    const end = (packet.sequence + packet.payloadBytes) >>> 0;
    const ahead = (end - reached) >>> 0;
    if (!arrived(packet) || ahead === 0 || ahead >= HALF) return false;
    reached = end;
    return true;
  });
  return data.filter((packet, nth) => data[nth - 1]?.from !== packet.from);
}

/** A connection as it was at a time. */
function before(connection: WireConnection, atUs: number): WireConnection {
  return { ...connection, packets: connection.packets.filter((packet) => packet.atUs < atUs) };
}

function isUnanswered(connection: WireConnection): boolean {
  return turnsOf(connection).at(-1)?.from === HOST;
}

/** The client has ended its direction, or a RST has come. */
function isEnded({ packets }: WireConnection): boolean {
  return packets.some(({ from, flags, sentUs }) =>
    from === HOST ? flags.includes("FIN") || flags.includes("RST") : sentUs !== null && flags.includes("RST"),
  );
}

function descriptorsOf(recording: Recording, fromUs: number, toUs: number): ClientSide["descriptors"] {
  const { points } = processSeries(recording, { host: HOST, program: CLIENT }, "descriptors");
  const counts = points
    .filter(({ atUs, value }) => atUs >= fromUs && atUs < toUs && value > 0)
    .map(({ value }) => value);
  const [first, last] = [counts[0], counts.at(-1)];
  return first === undefined || last === undefined ? null : { first, most: Math.max(...counts), last };
}

function runningAfter(recording: Recording, endedUs: number): number {
  const last = samplesOf(recording, "processes", HOST).findLast(({ atUs }) => atUs >= endedUs);
  return last?.processes.filter(({ program }) => program === CLIENT).length ?? 0;
}

function statesOf(look: SocketsSample | undefined): ClientSide["left"] {
  const left: Record<string, number> = {};
  for (const { side, state, count } of look?.groups ?? [])
    if (side === "connector") left[state] = (left[state] ?? 0) + count;
  return left;
}
