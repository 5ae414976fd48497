import type { Recording } from "../model/recording.ts";
import type { Moment, PacketSample, WireFate } from "../model/sample.ts";
import type { HostName } from "../model/names.ts";
import type { TcpFlag } from "../model/segment.ts";
import { samplesOf } from "./evidence.ts";

/** Selects segments on wires. An absent field selects all; a list of fates selects any of them. */
export interface Segments {
  /** Which wire of the setup, from 0, and which of its connections, from 1. */
  link?: number;
  connection?: number;
  from?: HostName;
  /** Flags that must be set, and flags that must not be set. */
  flags?: readonly TcpFlag[];
  without?: readonly TcpFlag[];
  payload?: "some" | "none";
  fate?: WireFate | readonly WireFate[];
  /** The rule that acted on them. */
  rule?: string;
  /** Only segments from before the programs were ended, which is when the last phase of the setup was over. */
  untilEnd?: true;
  /** Later segments are in the phase `end`. */
  phase?: Moment["phase"];
}

/** The selected segments, in the order in which they entered their wires. */
export function segments(recording: Recording, which: Segments = {}): PacketSample[] {
  return samplesOf(recording, "packet")
    .filter((packet) => isMeant(packet, which))
    .toSorted((a, b) => a.atUs - b.atUs);
}

/** Whether a segment is selected. */
export function isMeant(packet: PacketSample, which: Segments): boolean {
  return (
    (which.link === undefined || packet.link === which.link) &&
    (which.connection === undefined || packet.connection === which.connection) &&
    (which.from === undefined || packet.from === which.from) &&
    (which.flags ?? []).every((flag) => packet.flags.includes(flag)) &&
    !(which.without ?? []).some((flag) => packet.flags.includes(flag)) &&
    (which.payload === undefined || (which.payload === "some") === packet.payloadBytes > 0) &&
    (which.fate === undefined || [which.fate].flat().includes(packet.fate)) &&
    (which.rule === undefined || packet.rule === which.rule) &&
    (which.phase === undefined || packet.phase === which.phase) &&
    (which.untilEnd === undefined || packet.phase !== "end")
  );
}
