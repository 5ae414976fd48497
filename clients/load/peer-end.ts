import { stateOf } from "../../harness/kernel/socket.ts";

/** TCP_CLOSE and TCP_CLOSE_WAIT, include/net/tcp_states.h. */
const CLOSE = 7;
const CLOSE_WAIT = 8;

/**
 * How the peer has ended a connection that this end has neither closed nor shut down: by an RST (or the kernel gave the connection up), by
 * a FIN, or not yet (`open`). It is the kernel's word, so it includes a FIN that nobody has read yet.
 */
export function peerEnd(fd: number): "rst" | "fin" | "open" {
  const state = stateOf(fd);
  if (state === CLOSE) return "rst";
  return state === CLOSE_WAIT ? "fin" : "open";
}
