import { EPOLLERR, EPOLLET, EPOLLHUP, EPOLLIN, EPOLLOUT, EPOLLRDHUP } from "../../harness/kernel/epoll.ts";

/** The events of a connection. The registration is edge-triggered, so it need not be changed during the connection's life. */
export const WATCHED = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
/** The same for a connection that has sent its request already: with EPOLLOUT it would be reported as writable at once, without use. */
export const WATCHED_SENT = EPOLLIN | EPOLLRDHUP | EPOLLET;
/** There is something to read, or the end of the connection. */
export const READABLE = EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR;
/** The peer sent its FIN or an RST, or the connection broke. */
export const PEER_ENDED = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
/** Bits that mean an error or a reset, not just a FIN (tcp_poll, net/ipv4/tcp.c). */
export const PEER_BROKE = EPOLLHUP | EPOLLERR;
