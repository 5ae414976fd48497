import type { Recording } from "../model/recording.ts";
import type { SocketsSample } from "../model/sample.ts";
import type { SeenState } from "../model/state.ts";
import { samplesOf } from "./evidence.ts";
import type { ConnectionEnd } from "./packets.ts";

/** A state of a socket, and when it was first seen in it. */
export interface StateSeen {
  state: SeenState;
  /** The look that saw it. */
  atUs: number;
  /** The time of the look before, which saw another state or none; null when there was no look before. */
  afterUs: number | null;
}

/**
 * The states that the socket at one end of a connection was seen in, between two moments, each with the time at which it was first seen.
 * A look without the socket, after looks with it, counts as CLOSED. A look that recorded only some of the sockets that it counted, and
 * not this one, is skipped.
 */
export function socketStates(
  recording: Recording,
  near: ConnectionEnd,
  far: ConnectionEnd,
  fromUs: number,
  untilUs: number,
): StateSeen[] {
  const seen: StateSeen[] = [];
  let afterUs: number | null = null;
  for (const look of samplesOf(recording, "sockets", near.host)) {
    if (look.atUs >= untilUs) break;
    const state = look.atUs < fromUs ? null : stateIn(look, near.port, far.port);
    const latest = seen.at(-1)?.state ?? null;
    if (state === "unseen") continue;
    const shown = state ?? (latest === null ? null : "CLOSED");
    if (shown !== null && shown !== latest) seen.push({ state: shown, atUs: look.atUs, afterUs });
    afterUs = look.atUs;
  }
  return seen;
}

/** The state in one look; null when there is no such socket, `unseen` when there can be one that was not recorded. */
function stateIn(look: SocketsSample, near: number, far: number): SeenState | "unseen" | null {
  let isWhole = true;
  for (const { state, examples, count, port } of look.groups) {
    if (state === "LISTEN") continue;
    const found = examples.some(({ local, remote }) => portIn(local) === near && portIn(remote) === far);
    if (found) return state;
    if (examples.length < count && (port === near || port === far)) isWhole = false;
  }
  return isWhole ? null : "unseen";
}

/** The port of `192.0.2.1:40001` and of `[2001:db8::1]:40001`. */
function portIn(address: string): number {
  return Number(address.slice(address.lastIndexOf(":") + 1));
}

/** Whether a socket of that end was seen listening in the last look before a moment. */
export function wasListening(recording: Recording, end: ConnectionEnd, beforeUs: number): boolean {
  const look = samplesOf(recording, "sockets", end.host).findLast(({ atUs }) => atUs <= beforeUs);
  return look?.groups.some(({ state, port }) => state === "LISTEN" && port === end.port) ?? false;
}
