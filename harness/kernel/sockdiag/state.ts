/**
 * The kernel's numbers for TCP states (include/net/tcp_states.h), with the names of RFC 9293. A state's number is its place in
 * this list: TCP_ESTABLISHED is 1, TCP_CLOSING is 11. There is no 0. The kernel's numbers 12 (TCP_NEW_SYN_RECV, a request that
 * has no socket yet) and 13 (TCP_BOUND_INACTIVE) are used only in state masks: the row of a request has TCP_SYN_RECV, and the
 * row of an idle bound socket has TCP_CLOSE.
 */
export const SOCKET_STATES = [
  null,
  "ESTABLISHED",
  "SYN-SENT",
  "SYN-RECEIVED",
  "FIN-WAIT-1",
  "FIN-WAIT-2",
  "TIME-WAIT",
  "CLOSED",
  "CLOSE-WAIT",
  "LAST-ACK",
  "LISTEN",
  "CLOSING",
] as const;

export type SocketState = NonNullable<(typeof SOCKET_STATES)[number]>;

/** A number of a later kernel that has no name here. */
export type UnknownNumber = `unknown-${number}`;

/** The name of a row's state (idiag_state, a u8). */
export function stateName(number: number): SocketState | UnknownNumber {
  return SOCKET_STATES[number] ?? `unknown-${number}`;
}

/**
 * The values of idiag_timer (net/ipv4/inet_diag.c, inet_sk_diag_fill), by the words that `ss -o` prints. `on` is a
 * retransmission or a loss probe. `keepalive` is any use of the socket's own timer; it also times an orphan's FIN-WAIT-2 when
 * that lasts longer than TIME-WAIT. `persist` probes a closed window. `delack` is a delayed acknowledgement
 * (IDIAG_TIMER_DELACK, include/uapi/linux/inet_diag.h): Linux 7 shows it when no other timer runs, and earlier kernels show
 * `none`. ss prints the name since iproute2 7.1, and `unknown` before.
 */
export const SOCKET_TIMERS = ["none", "on", "keepalive", "timewait", "persist", "delack"] as const;

export type SocketTimer = (typeof SOCKET_TIMERS)[number];

/** The name of a row's timer (idiag_timer, a u8). */
export function timerName(number: number): SocketTimer | UnknownNumber {
  return SOCKET_TIMERS[number] ?? `unknown-${number}`;
}

/** TCP_LISTEN of include/net/tcp_states.h. */
export const LISTEN = SOCKET_STATES.indexOf("LISTEN");

/**
 * The mask of these states: one bit per state, 1 << number (TCPF_* in include/net/tcp_states.h). The bit of SYN-RECEIVED also
 * covers requests that have no socket yet, because inet_diag_dump_icsk adds TCPF_NEW_SYN_RECV itself.
 */
export function stateMask(states: readonly SocketState[]): number {
  return states.reduce((mask, state) => mask | (1 << SOCKET_STATES.indexOf(state)), 0);
}

/** TCP_BOUND_INACTIVE of include/net/tcp_states.h. */
const BOUND_INACTIVE = 13;

/**
 * All states that have rows, even those of later kernels: all bits but two. `ss -a` also sets TCPF_CLOSE, but no row matches
 * it. A socket that is only bound matches TCPF_BOUND_INACTIVE (since Linux 6.8). That bit costs another walk, and such a socket
 * is not a connection.
 */
export const ALL_STATES = ~(stateMask(["CLOSED"]) | (1 << BOUND_INACTIVE)) >>> 0;
