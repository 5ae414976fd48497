import type { Socket } from "node:net";
import { descriptorOf, getTcpInfo } from "../../harness/kernel/sockopt.ts";

/** TCP_CLOSE and TCP_CLOSE_WAIT, include/net/tcp_states.h. */
const CLOSE = 7;
const CLOSE_WAIT = 8;

/**
 * How the peer has ended a connection that this end has neither closed nor shut down: by an RST, by a FIN, or not yet (`open`). null: the
 * descriptor is closed, or never existed. Node shows an RST as a FIN when a write has taken its error before the next read.
 */
export function peerEndOf(socket: Socket): "rst" | "fin" | "open" | null {
  try {
    const { state } = getTcpInfo(descriptorOf(socket));
    if (state === CLOSE) return "rst";
    return state === CLOSE_WAIT ? "fin" : "open";
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
