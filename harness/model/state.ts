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

/**
 * A number from the kernel that has no name here: a later kernel can have states or timers that this program does not know. The number
 * is recorded, counted and printed, but expectations cannot use it.
 */
export type UnknownNumber = `unknown-${number}`;

/** The state of an observed socket. An expectation names a TcpState. */
export type SeenState = TcpState | UnknownNumber;

/** How many sockets are in each state; a state without any is absent. */
export type StateCounts = { [state in TcpState]?: number } & { [state: UnknownNumber]: number };

/** The end of a connection that a socket is: the end at a listening port, or the end that called connect(). */
export type Side = "listener" | "connector";

/**
 * The timer that runs on a socket, as `ss -o` names it. A socket with `none` can stay in its state for ever. So can one with `delack`:
 * that timer delays an acknowledgement by some 40 ms and does not end a state. Linux before 7 reports it as `none`.
 */
export type Timer = "none" | "on" | "keepalive" | "timewait" | "persist" | "delack";

/** The timer of an observed socket. An expectation names a Timer. */
export type SeenTimer = Timer | UnknownNumber;

/** Whether a state or a timer has no name here. */
export function isUnknown(seen: SeenState | SeenTimer): seen is UnknownNumber {
  return seen.startsWith("unknown-");
}

/**
 * Who holds a socket's descriptor. `none`: nobody (no inode: the socket is orphaned, in TIME-WAIT, or not yet accepted). `listener`: only
 * the process that listens on its port. `process`: only one other process. `shared`: several processes. `unseen`: a process that the
 * observer cannot see.
 */
export type Owner = "none" | "listener" | "process" | "shared" | "unseen";

/** Which ways data has gone over a connection, as its own end counts them: sent to the network, and received by the kernel. */
export type Exchanged = "nothing" | "sent" | "received" | "both";
