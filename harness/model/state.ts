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
 * What a kernel said by a number that has no name here, by that number: a later one has states or timers that this
 * program does not know. It is recorded, counted and shown, and nothing can be expected of it.
 */
export type UnknownNumber = `unknown-${number}`;

/** The state of a socket that was seen. An expectation names a TcpState. */
export type SeenState = TcpState | UnknownNumber;

/** How many sockets are in each state; a state without any is absent. */
export type StateCounts = { [state in TcpState]?: number } & { [state: UnknownNumber]: number };

/** Which end of a connection a socket is: the one at a listening port, or the one that called connect(). */
export type Side = "listener" | "connector";

/**
 * The timer that runs on a socket, as `ss -o` names it; `none` is a socket that may stay as it is for ever. So may one
 * with `delack`: an acknowledgement is put off for some 40 ms, which ends nothing. Linux before 7 calls that `none`.
 */
export type Timer = "none" | "on" | "keepalive" | "timewait" | "persist" | "delack";

/** The timer of a socket that was seen. An expectation names a Timer. */
export type SeenTimer = Timer | UnknownNumber;

/** Whether a state or a timer is one that has no name here. */
export function isUnknown(seen: SeenState | SeenTimer): seen is UnknownNumber {
  return seen.startsWith("unknown-");
}

/**
 * Who holds a socket's descriptor: nobody (no inode: orphaned, in TIME-WAIT, or not yet accepted), only the
 * process that listens on its port, only some other process, several at once, or a process out of sight.
 */
export type Owner = "none" | "listener" | "process" | "shared" | "unseen";
