/** The eleven states of RFC 9293 section 3.3.2, spelled as the RFC spells them. CLOSED never has a row. */
export const TCP_STATES = [
  "LISTEN",
  "SYN-SENT",
  "SYN-RECEIVED",
  "ESTABLISHED",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "CLOSE-WAIT",
  "CLOSING",
  "LAST-ACK",
  "TIME-WAIT",
  "CLOSED",
] as const;

export type TcpState = (typeof TCP_STATES)[number];

/** Which end of a connection a socket is: the one at a listening port, or the one that called connect(). */
export type Side = "listener" | "connector";

/** The timer that runs on a socket, as `ss -o` names it; `none` is a socket that may stay as it is for ever. */
export type Timer = "none" | "on" | "keepalive" | "timewait" | "persist";

/**
 * Who holds a socket's descriptor: nobody (no inode: orphaned, in TIME-WAIT, or not yet accepted), only the
 * process that listens on its port, only some other process, several at once, or a process out of sight.
 */
export type Owner = "none" | "listener" | "process" | "shared" | "unseen";
