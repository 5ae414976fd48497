import type { HostName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import type { TcpState } from "../model/state.ts";
import { wireConnections, type WireConnection } from "./packets.ts";
import { socketStates, type StateSeen } from "./socket-states.ts";

/** How long before its SYN is on the wire a connecting socket can already be in a look, at most. */
const BEFOREHAND_US = 10_000;

/** The states that one end of a connection on a wire was seen in, each when it was first seen; empty if the end was not seen. */
export function statesIn(recording: Recording, connection: WireConnection, host: HostName): StateSeen[] {
  const { ends, fromUs, untilUs, isSuccessor } = connection;
  const near = ends.find((one) => one.host === host);
  const far = ends.find((one) => one.host !== host);
  if (near === undefined || far === undefined) return [];
  const sinceUs = isSuccessor ? fromUs : fromUs - BEFOREHAND_US;
  return socketStates(recording, near, far, sinceUs, untilUs ?? Number.POSITIVE_INFINITY);
}

/** The same for the n-th connection on any wire, from 1; empty if there was no such connection. */
export function firstStates(recording: Recording, host: HostName, nth = 1): StateSeen[] {
  const first = wireConnections(recording).find(({ connection }) => connection === nth);
  return first === undefined ? [] : statesIn(recording, first, host);
}

/** The same as text, `SYN-SENT, ESTABLISHED`; null when no look found the socket. */
export function statesPassedBy(recording: Recording, host: HostName, nth = 1): string | null {
  return (
    firstStates(recording, host, nth)
      .map(({ state }) => state)
      .join(", ") || null
  );
}

/** The next state that one end of the first connection was seen in after `state`; null when `state` was not seen, or was the last. */
export function stateAfter(recording: Recording, host: HostName, state: TcpState): string | null {
  const states = firstStates(recording, host).map((seen) => seen.state);
  const nth = states.indexOf(state);
  return nth < 0 ? null : (states[nth + 1] ?? null);
}

/** In how many connections one end was seen to go through these states in sequence, with no other state in between. */
export function connectionsThrough(
  recording: Recording,
  host: HostName,
  wanted: readonly TcpState[],
): number {
  return wireConnections(recording).filter((connection) => {
    const states = statesIn(recording, connection, host).map(({ state }) => state);
    return states.some((_, nth) => wanted.every((state, more) => states[nth + more] === state));
  }).length;
}

/** How many of the two ends of the first connection were seen in a state; null when one of them was never seen. */
export function endsSeenIn(
  recording: Recording,
  wanted: TcpState,
  hosts: readonly HostName[],
): number | null {
  const ends = hosts.map((host) => firstStates(recording, host));
  if (ends.some((states) => states.length === 0)) return null;
  return ends.filter((states) => states.some(({ state }) => state === wanted)).length;
}

/**
 * The longest time, over all connections, from the arrival of the client's first segment after its SYN to the last look that still found
 * the server in SYN-RECEIVED, in milliseconds; null without such a look.
 */
export function ackIgnoredMs(recording: Recording): number | null {
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
