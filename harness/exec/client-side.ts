import { samplesOf } from "../measure/evidence.ts";
import { repeats, type WireConnection, wireConnections } from "../measure/packets.ts";
import { processSeries } from "../measure/processes.ts";
import type { ClientConnections, ClientSide, HeldSockets } from "../model/exec.ts";
import type { Recording } from "../model/recording.ts";
import type { PacketSample, SocketGroup, SocketsSample } from "../model/sample.ts";
import { CLIENT } from "./scene.ts";
import { ran } from "./ran.ts";

const HOST = "client";

/** What the client's side showed, from the samples of its host while the command ran, and from the wire. Pure. */
export function clientSide(recording: Recording): ClientSide {
  const { fromUs, toUs } = ran(recording);
  const all = samplesOf(recording, "sockets", HOST);
  const looks = all.filter(({ atUs }) => atUs >= fromUs && atUs < toUs);
  const connections = wireConnections(recording).filter(({ ends: [first] }) => first.host === HOST);
  const packets = connections.flatMap((one) => one.packets).filter(arrived);
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
    unread: held(looks, (group) => group.state === "ESTABLISHED" && group.receiveQueue === "holding"),
    unowned: held(
      looks,
      ({ state, owner }) => owner === "none" && state !== "TIME-WAIT" && state !== "SYN-SENT",
    ),
    unanswered: unansweredAt(connections, toUs),
    descriptors: descriptorsOf(recording, fromUs, toUs),
    left: statesOf(all.at(-1)),
  };
}

function held(looks: readonly SocketsSample[], is: (group: SocketGroup) => boolean): HeldSockets {
  const points = looks.map(({ atUs, groups }) => ({
    atUs,
    count: groups
      .filter((group) => group.side === "connector" && is(group))
      .reduce((sum, { count }) => sum + count, 0),
  }));
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

function counted(connections: readonly WireConnection[]): ClientConnections {
  const ports = new Set(connections.map(({ ends: [client] }) => client.port));
  const sum = (of: (one: WireConnection) => number): number =>
    connections.reduce((total, one) => total + of(one), 0);
  return {
    begun: connections.length,
    refused: connections.filter((one) => fateOf(one) === "refused").length,
    withoutAnswer: connections.filter((one) => fateOf(one) === "no answer").length,
    ports: ports.size,
    requests: sum((one) => turnsOf(one).filter(({ from }) => from === HOST).length),
    synsAgain: sum(({ packets }) => Math.max(0, packets.filter(isSyn).length - 1)),
  };
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

/** The first segments with data of an end, each time that it began to send: at first, or after the other end had. */
function turnsOf({ packets }: WireConnection): PacketSample[] {
  const again = repeats(packets);
  const data = packets.filter((packet) => packet.payloadBytes > 0 && !again.has(packet));
  return data.filter((packet, nth) => data[nth - 1]?.from !== packet.from);
}

/** The connections that no end had ended by a time, and on which the client had sent the last data. */
function unansweredAt(connections: readonly WireConnection[], atUs: number): number {
  return connections.filter((one) => {
    const before = { ...one, packets: one.packets.filter((packet) => packet.atUs < atUs) };
    const isOver = before.packets.some(
      (packet) => arrived(packet) && packet.flags.some((flag) => flag === "RST" || flag === "FIN"),
    );
    return !isOver && turnsOf(before).at(-1)?.from === HOST;
  }).length;
}

function descriptorsOf(recording: Recording, fromUs: number, toUs: number): ClientSide["descriptors"] {
  const { points } = processSeries(recording, { host: HOST, program: CLIENT }, "descriptors");
  const counts = points
    .filter(({ atUs, value }) => atUs >= fromUs && atUs < toUs && value > 0)
    .map(({ value }) => value);
  const [first, last] = [counts[0], counts.at(-1)];
  return first === undefined || last === undefined ? null : { first, most: Math.max(...counts), last };
}

function statesOf(look: SocketsSample | undefined): ClientSide["left"] {
  const left: Record<string, number> = {};
  for (const { side, state, count } of look?.groups ?? [])
    if (side === "connector") left[state] = (left[state] ?? 0) + count;
  return left;
}
