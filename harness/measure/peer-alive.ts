import type { SocketExample, SocketsSample } from "../model/sample.ts";

/** TCP_TIMEWAIT_LEN in include/net/tcp.h. */
const TIME_WAIT_MS = 60_000;
/** In these states an answer of the peer has come; before them, tcp_info's times are those of the own SYN. */
const CONNECTED: readonly string[] = [
  "ESTABLISHED",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "CLOSE-WAIT",
  "CLOSING",
  "LAST-ACK",
];

/**
 * Whether the other end of a connection, the same address and port, has answered on another connection within the last so many milliseconds:
 * with a segment, or with the last word of a connection that is in TIME-WAIT since. Only recorded examples count, and a false can be wrong.
 */
export function answersElsewhere(
  { groups }: SocketsSample,
  { local, remote }: SocketExample,
  withinMs: number,
): boolean {
  return groups.some(({ state, examples }) =>
    examples.some(
      (other) =>
        other.remote === remote &&
        other.local !== local &&
        (CONNECTED.includes(state) ? answeredMs(other) : timeWaitMs(state, other)) <= withinMs,
    ),
  );
}

function answeredMs({ tcpInfo }: SocketExample): number {
  if (tcpInfo === undefined) return Infinity;
  const { bytesReceived, lastDataReceivedMs, lastAckReceivedMs = Infinity } = tcpInfo;
  return Math.min(bytesReceived > 0 ? lastDataReceivedMs : Infinity, lastAckReceivedMs);
}

function timeWaitMs(state: string, { timerMs }: SocketExample): number {
  return state === "TIME-WAIT" ? TIME_WAIT_MS - timerMs : Infinity;
}
