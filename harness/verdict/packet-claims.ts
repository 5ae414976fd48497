import { repeats, wireConnections, type WireConnection } from "../measure/packets.ts";
import { isMeant, segments, type Segments } from "../measure/segments.ts";
import { socketStates } from "../measure/socket-states.ts";
import type { Recording } from "../model/recording.ts";
import type { PacketSample } from "../model/sample.ts";
import type { HostName } from "../model/names.ts";
import type { TcpState } from "../model/state.ts";
import type { Bound } from "./bound.ts";
import { type Claim, claim, everyLook } from "./claim.ts";
import { countOf, quoted, seconds } from "./wording.ts";

/** How many of those segments come to a wire, whatever becomes of them. */
export function segmentsSeen(which: Segments, bound: Bound): Claim<Recording> {
  const sentence = bound.ofThings(`segment${inFull(which)}`, `segments${inFull(which)}`);
  return claim(`there ${bound.isOne ? "is" : "are"} ${sentence}`, ["packet"], (recording) =>
    counted(segments(recording, which), bound, "segment"),
  );
}

/** How many of those segments are retransmissions: all that they carry had been sent before, with the same numbers. */
export function segmentsRepeated(which: Segments, bound: Bound): Claim<Recording> {
  const things = (thing: string): string => `${thing}${inFull(which)}`;
  const sentence = bound.ofThings(things("retransmission"), things("retransmissions"));
  return claim(`there ${bound.isOne ? "is" : "are"} ${sentence}`, ["packet"], (recording) => {
    const repeated = wireConnections(recording)
      .flatMap(({ packets }) => [...repeats(packets)])
      .filter(([packet, repeat]) => repeat.kind === "retransmission" && isMeant(packet, which))
      .map(([packet]) => packet);
    return counted(repeated, bound, "retransmission");
  });
}

/** One end of a connection on a wire. */
export interface SocketEnd {
  host: HostName;
  /** Which wire of the setup, from 0, and which of its connections, from 1; both first if absent. */
  link?: number;
  connection?: number;
}

/**
 * That the socket at one end of a connection was seen in these states, in this order, and in no others; CLOSED is the row that is
 * gone. A look can miss a state that is over before the next look, so ask only for states that last.
 */
export function statesPassed(end: SocketEnd, states: readonly TcpState[]): Claim<Recording> {
  const { link = 0, connection = 1 } = end;
  const of = connection === 1 && link === 0 ? "" : ` of connection ${connection}`;
  const where = `${of}${link === 0 ? "" : ` on wire ${link}`}`;
  return claim(
    `the socket on ${end.host}${where} is seen in ${states.join(", ")}, in this order`,
    ["packet", "sockets"],
    (recording) => {
      const found = wireConnections(recording).find(
        (one) => one.link === link && one.connection === connection,
      );
      if (found === undefined) return { holds: null, observed: `there was no connection ${connection}` };
      const seen = statesOf(recording, found, end.host);
      const words = seen.map(({ state, atUs }) => `${state} (${seconds(atUs)})`).join(", ");
      const isSo = seen.map(({ state }) => state).join() === states.join();
      return { holds: isSo, observed: words === "" ? "no look found it" : words };
    },
    everyLook("sockets", end),
  );
}

function statesOf(
  recording: Recording,
  { ends, fromUs, untilUs, isSuccessor }: WireConnection,
  host: HostName,
): ReturnType<typeof socketStates> {
  const near = ends.find((one) => one.host === host);
  const far = ends.find((one) => one.host !== host);
  if (near === undefined || far === undefined) return [];
  // A connecting socket has its row before its SYN is on the wire.
  const sinceUs = isSuccessor ? fromUs : fromUs - BEFOREHAND_US;
  return socketStates(recording, near, far, sinceUs, untilUs ?? Number.POSITIVE_INFINITY);
}

/** So long before its first segment a connection's row may be there. */
const BEFOREHAND_US = 10_000;

function counted(packets: PacketSample[], bound: Bound, thing: string): { holds: boolean; observed: string } {
  const which = packets.length === 0 ? "" : `: ${quoted(packets, name)}`;
  return { holds: bound.holds(packets.length), observed: `${countOf(packets.length, thing)}${which}` };
}

/** `SYN-ACK from server, dropped`; what passed is not said to. */
function name({ flags, from, payloadBytes, fate }: PacketSample): string {
  const data = payloadBytes === 0 ? "" : ` with ${payloadBytes} B`;
  return `${flags.join("-") || "no flags"}${data} from ${from}${fate === "passed" ? "" : `, ${fate}`}`;
}

/** ` from client with SYN and without ACK, carrying data, dropped, during load`. */
function inFull(which: Segments): string {
  const { link, connection, from, flags = [], without = [], payload, fate, rule, phase } = which;
  const set = [
    ...(flags.length === 0 ? [] : [`with ${flags.join(" and ")}`]),
    ...(without.length === 0 ? [] : [`without ${without.join(" and ")}`]),
  ];
  const parts = [
    from === undefined ? "" : ` from ${from}`,
    set.length === 0 ? "" : ` ${set.join(" and ")}`,
    payload === undefined ? "" : payload === "some" ? " carrying data" : " carrying no data",
    connection === undefined ? "" : ` of connection ${connection}`,
    link === undefined ? "" : ` on wire ${link}`,
    fate === undefined ? "" : `, ${[fate].flat().join(" or ")}`,
    rule === undefined ? "" : `, by the rule "${rule}"`,
    phase === undefined ? "" : `, during ${phase}`,
  ];
  return parts.join("");
}
