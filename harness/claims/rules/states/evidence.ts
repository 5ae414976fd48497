import { calls } from "../../../measure/calls.ts";
import { acknowledges } from "../../../measure/closing.ts";
import { wireConnections, type WireConnection } from "../../../measure/packets.ts";
import { percentile } from "../../../measure/percentile.ts";
import { segments } from "../../../measure/segments.ts";
import { lengthUs } from "../../../measure/series.ts";
import { socketSeries, type Sockets } from "../../../measure/sockets.ts";
import { socketStates, type StateSeen } from "../../../measure/socket-states.ts";
import type { HostName } from "../../../model/names.ts";
import type { Recording } from "../../../model/recording.ts";
import type { PacketSample } from "../../../model/sample.ts";
import type { TcpState } from "../../../model/state.ts";

/** A connecting socket has its row so long before its SYN is on the wire, at most. */
const BEFOREHAND_US = 10_000;

/** For how many milliseconds looks without a break found such a socket; 0 when none did. */
export function longestMs(recording: Recording, which: Sockets): number | null {
  const series = socketSeries(recording, which);
  if (series.isEmpty) return null;
  const stretch = series.longest((value) => value > 0);
  return stretch === null ? 0 : lengthUs(stretch) / 1000;
}

/** The states that one end of a connection was seen in; of the first connection when none is named. */
export function statesOf(recording: Recording, host: HostName, connection = 1): StateSeen[] {
  const found = wireConnections(recording).find((one) => one.connection === connection);
  return found === undefined ? [] : statesIn(recording, found, host);
}

function statesIn(recording: Recording, connection: WireConnection, host: HostName): StateSeen[] {
  const { ends, fromUs, untilUs, isSuccessor } = connection;
  const near = ends.find((one) => one.host === host);
  const far = ends.find((one) => one.host !== host);
  if (near === undefined || far === undefined) return [];
  const sinceUs = isSuccessor ? fromUs : fromUs - BEFOREHAND_US;
  return socketStates(recording, near, far, sinceUs, untilUs ?? Number.POSITIVE_INFINITY);
}

/** The same as words, `SYN-SENT, ESTABLISHED`; null when no look found it. */
export function passedBy(recording: Recording, host: HostName): string | null {
  const seen = statesOf(recording, host).map(({ state }) => state);
  return seen.length === 0 ? null : seen.join(", ");
}

/** How many connections had one of their ends seen to go from one state to another, with none in between. */
export function wentStraight(recording: Recording, host: HostName, [from, to]: [TcpState, TcpState]): number {
  return wireConnections(recording).filter((connection) => {
    const states = statesIn(recording, connection, host).map(({ state }) => state);
    return states.some((state, nth) => state === from && states[nth + 1] === to);
  }).length;
}

/** How many connections had one of their ends seen in a state. */
export function wentThrough(recording: Recording, host: HostName, wanted: TcpState): number {
  return wireConnections(recording).filter((connection) =>
    statesIn(recording, connection, host).some(({ state }) => state === wanted),
  ).length;
}

/** From a segment of each connection to the arrival of the first that answers it, in the median, in milliseconds. */
export function medianMs(
  recording: Recording,
  begins: (packet: PacketSample) => boolean,
  ends: (packet: PacketSample, first: PacketSample) => boolean,
): number | null {
  const lengths = wireConnections(recording).flatMap(({ packets }) => {
    const first = packets.find(begins);
    if (first === undefined) return [];
    const last = packets.find((one) => one.atUs > first.atUs && one.fate !== "dropped" && ends(one, first));
    return last === undefined || last.sentUs === null ? [] : [(last.sentUs - first.atUs) / 1000];
  });
  return percentile(lengths, 50);
}

/** From the arrival of a host's first FIN to the leaving of the segment that acknowledges it; null when none does. */
export function finAcknowledgedAfterMs(recording: Recording, from: HostName): number | null {
  const fin = firstFin(recording, from);
  if (fin === undefined || fin.sentUs === null) return null;
  const answer = segments(recording).find((packet) => acknowledges(packet, fin));
  return answer === undefined ? null : (answer.atUs - fin.sentUs) / 1000;
}

/** The first FIN of a host. */
export function firstFin(recording: Recording, from: HostName): PacketSample | undefined {
  return segments(recording, { from, flags: ["FIN"] })[0];
}

/** What the first of such calls that returned came to, as it was reported: `0`, `ECONNREFUSED`; null when none returned. */
export function firstResult(recording: Recording, program: string, call: string): string | null {
  const made = calls(recording, { program, call }).find(({ result }) => result !== null);
  return made === undefined ? null : String(made.result);
}

/** When the first such call returned, in microseconds of the trial; null when none did. */
export function returnedAtUs(recording: Recording, program: string, call: string): number | null {
  return calls(recording, { program, call }).find(({ result }) => result !== null)?.atUs ?? null;
}

/**
 * Of all connections, the longest time from the arrival of the client's first segment behind its SYN to the last look that still
 * found the server in SYN-RECEIVED, in milliseconds; null when no such look was made.
 */
export function ignoredMs(recording: Recording): number | null {
  const times = wireConnections(recording).flatMap((connection) => {
    const third = connection.packets.find(
      ({ from, flags, sentUs }) => from === "client" && !flags.includes("SYN") && sentUs !== null,
    );
    const states = statesIn(recording, connection, "server");
    const nth = states.findIndex(({ state }) => state === "SYN-RECEIVED");
    const lastUs = states[nth + 1]?.afterUs ?? null;
    return nth < 0 || lastUs === null || third === undefined ? [] : [(lastUs - (third.sentUs ?? 0)) / 1000];
  });
  return times.length === 0 ? null : Math.max(...times);
}
