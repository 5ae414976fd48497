import type { Socket } from "node:net";
import { descriptorOf } from "../../harness/kernel/sockopt.ts";
import { peerEnd } from "../load/peer-end.ts";

/**
 * How the peer has ended the connection of a socket of Node. null: the descriptor is closed, or never existed. Node shows an RST as a FIN
 * when a write has taken its error before the next read.
 */
export function peerEndOf(socket: Socket): ReturnType<typeof peerEnd> | null {
  try {
    return peerEnd(descriptorOf(socket));
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
