import type { HostName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import type { PacketSample } from "../model/sample.ts";
import { calls } from "./calls.ts";
import { samplesOf } from "./evidence.ts";
import { acknowledges, closingSegments } from "./closing.ts";
import { repeats, wireConnections } from "./packets.ts";
import { percentile } from "./percentile.ts";
import { segments } from "./segments.ts";

/** The first of FIN and RST that one end of a connection sent; null when it sent neither. */
export function firstGoodbye(recording: Recording, from: HostName, connection = 1): "FIN" | "RST" | null {
  const flags = segments(recording, { from, connection }).flatMap((packet) => packet.flags);
  return flags.find((flag): flag is "FIN" | "RST" => flag === "FIN" || flag === "RST") ?? null;
}

/** The same for the client that the signal ended; its first argument names the port that it binds. null when that is not known. */
export function goodbyeAfter(recording: Recording, signal: string): "FIN" | "RST" | null {
  const ended = samplesOf(recording, "program").find(
    (sample) => sample.event === "exited" && sample.signal === signal,
  );
  const plan = ended === undefined ? undefined : recording.header.setup.programs[ended.program];
  const port = Number(/^bind (\d+)$/.exec(plan?.run[1] ?? "")?.[1]);
  const found = wireConnections(recording).find(({ ends: [caller] }) => caller.port === port);
  return found === undefined ? null : firstGoodbye(recording, "client", found.connection);
}

/** How many connections were closed with `wanted` segments: FINs, and segments that acknowledge one. */
export function closedInSegments(recording: Recording, wanted: number): number {
  return wireConnections(recording).filter(({ packets }) => closingSegments(packets).length === wanted)
    .length;
}

/** How many segments acknowledge the server's first FIN, passed the wire, and are no RST; null without a FIN. */
export function finAcknowledgements(recording: Recording): number | null {
  const [fin] = segments(recording, { from: "server", flags: ["FIN"] });
  if (fin === undefined) return null;
  const { connection } = fin;
  return segments(recording, { connection, from: "client", without: ["RST"], fate: "passed" }).filter(
    (packet) => acknowledges(packet, fin),
  ).length;
}

/** How many sequence numbers the client's first FIN took besides its payload, by the last acknowledgement after it; null without one. */
export function numbersOfFin(recording: Recording): number | null {
  const [fin] = segments(recording, { from: "client", flags: ["FIN"] });
  if (fin === undefined) return null;
  const answers = segments(recording, { connection: fin.connection, from: "server", flags: ["ACK"] });
  const last = answers.findLast(({ atUs }) => atUs > fin.atUs);
  return last === undefined ? null : (last.acknowledgement ?? 0) - fin.sequence - fin.payloadBytes;
}

/** How many FINs the client sent between its shutdown() and its close(); null when it did not call both. */
export function finsWhileShut(recording: Recording): number | null {
  const made = calls(recording, { program: "client" });
  const shut = made.find(({ call }) => call.startsWith("shutdown"));
  const closed = made.find(({ call }) => call === "close");
  if (shut === undefined || closed === undefined) return null;
  const fins = segments(recording, { from: "client", flags: ["FIN"] });
  return fins.filter(({ atUs }) => atUs > shut.atUs && atUs < closed.atUs).length;
}

/**
 * How often one end repeated its FIN on the wire, before the programs were ended; null when there was no such connection, or no FIN of
 * that end.
 */
export function finsRepeated(recording: Recording, from: HostName, connection: number): number | null {
  const packets = wireConnections(recording).find((one) => one.connection === connection)?.packets ?? [];
  const fins = packets.filter(({ from: sender, flags, phase }) => {
    return sender === from && flags.includes("FIN") && phase !== "end";
  });
  const again = repeats(packets);
  return fins.length === 0 ? null : fins.filter((fin) => again.get(fin)?.kind === "retransmission").length;
}

/** A FIN of the server, and the next segment of the client's host after the FIN arrived. */
export interface AnsweredFin {
  fin: PacketSample;
  answer: PacketSample | null;
}

/** The server's FINs on the first connection, each with its answer. */
export function answeredFins(recording: Recording): AnsweredFin[] {
  const all = firstPackets(recording);
  return all
    .filter(({ from, flags }) => from === "server" && flags.includes("FIN"))
    .map((fin) => ({
      fin,
      answer: all.find(({ from, atUs }) => from === "client" && atUs >= (fin.sentUs ?? Infinity)) ?? null,
    }));
}

/** The first segment of the client's host after it received the last repetition of the server's FIN; null without one. */
export function segmentAfterRepeatedFin(recording: Recording): PacketSample | null {
  const packets = firstPackets(recording);
  const last = [...repeats(packets).keys()]
    .filter(({ from, flags, phase }) => from === "server" && flags.includes("FIN") && phase !== "end")
    .at(-1);
  if (last === undefined) return null;
  return packets.find(({ from, atUs }) => from === "client" && atUs > (last.sentUs ?? Infinity)) ?? null;
}

/** ACKs of the client's host after the server's first FIN, sent though no segment had arrived since its last one; null without a FIN. */
export function unaskedAcks(recording: Recording): number | null {
  const all = firstPackets(recording);
  const first = answeredFins(recording)[0]?.fin;
  if (first === undefined) return null;
  const acks = all.filter(
    ({ from, atUs, flags }) => from === "client" && atUs > first.atUs && flags.join() === "ACK",
  );
  return acks.filter((ack) => {
    const before = all.findLast(({ from, atUs }) => from === "client" && atUs < ack.atUs)?.atUs ?? 0;
    return !all.some(
      ({ from, sentUs }) => from === "server" && sentUs !== null && sentUs > before && sentUs <= ack.atUs,
    );
  }).length;
}

/** How long a host took to ACK the other end's FIN, in milliseconds, as the median of all connections; null if there was none. */
export function finAcknowledgedMs(recording: Recording, host: HostName): number | null {
  const fins = segments(recording, { flags: ["FIN"] }).filter(({ from }) => from !== host);
  const own = segments(recording, { from: host });
  const times = fins.flatMap((fin) => {
    const { connection, sentUs } = fin;
    if (sentUs === null) return [];
    const ack = own.find(
      (one) => one.connection === connection && one.atUs >= sentUs && acknowledges(one, fin),
    );
    return ack === undefined ? [] : [(ack.atUs - sentUs) / 1000];
  });
  return percentile(times, 50);
}

/** How many probes of a closed window, or of a silent peer, wires carried before the programs were ended; null without a connection. */
export function probes(
  recording: Recording,
  kind: "window probe" | "keep-alive probe",
  where: { link?: number; from?: HostName },
): number | null {
  const found = wireConnections(recording).filter(
    ({ link }) => where.link === undefined || link === where.link,
  );
  const all = found.flatMap(({ packets }) => [...repeats(packets)]);
  const meant = all.filter(([{ phase, from }, repeat]) => {
    return phase !== "end" && repeat.kind === kind && (where.from === undefined || from === where.from);
  });
  return found.length === 0 ? null : meant.length;
}

function firstPackets(recording: Recording): PacketSample[] {
  return wireConnections(recording).find(({ connection }) => connection === 1)?.packets ?? [];
}
