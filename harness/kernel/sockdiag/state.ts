/**
 * The kernel's numbers for TCP states (include/net/tcp_states.h), by the names RFC 9293 gives them. The numbers are
 * the places in this list: TCP_ESTABLISHED is 1, TCP_CLOSING is 11. There is no 0. The kernel's 12 (TCP_NEW_SYN_RECV, a
 * request that has no socket yet) and 13 (TCP_BOUND_INACTIVE) are names inside a state mask only: a request's row says
 * TCP_SYN_RECV, an idle bound socket's TCP_CLOSE.
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

/** What a kernel says by a number that has no name here: a later one's, by that number. */
export type UnknownNumber = `unknown-${number}`;

/** The name of a row's state (idiag_state, a u8). */
export function stateName(number: number): SocketState | UnknownNumber {
  return SOCKET_STATES[number] ?? `unknown-${number}`;
}

/**
 * What idiag_timer says (net/ipv4/inet_diag.c, inet_sk_diag_fill), by the words `ss -o` prints for it. `on` is a
 * retransmission or a loss probe; `keepalive` is any use of the socket's own timer, which times an orphan's FIN-WAIT-2
 * too when that lasts longer than TIME-WAIT; `persist` probes a closed window; `delack` is an acknowledgement put off
 * (IDIAG_TIMER_DELACK, include/uapi/linux/inet_diag.h), which Linux 7 tells when no other timer runs, and which was
 * `none` before. ss names it since iproute2 7.1, and prints `unknown` for it before.
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
 * The state mask that asks for these states: one bit a state, 1 << number (TCPF_* of include/net/tcp_states.h). The bit
 * of SYN-RECEIVED is enough for requests that have no socket yet: inet_diag_dump_icsk adds TCPF_NEW_SYN_RECV itself.
 */
export function stateMask(states: readonly SocketState[]): number {
  return states.reduce((mask, state) => mask | (1 << SOCKET_STATES.indexOf(state)), 0);
}

/** TCP_BOUND_INACTIVE of include/net/tcp_states.h. */
const BOUND_INACTIVE = 13;

/**
 * Every state that has rows, those of later kernels included: all bits but two. `ss -a` asks for TCPF_CLOSE as well, which
 * no row answers: a socket that is bound and idle comes for TCPF_BOUND_INACTIVE only (since Linux 6.8), at the cost of
 * another walk, and is no connection.
 */
export const ALL_STATES = ~(stateMask(["CLOSED"]) | (1 << BOUND_INACTIVE)) >>> 0;
