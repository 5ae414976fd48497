import { AF_INET, AF_INET6 } from "../address.ts";
import { SystemCallError } from "../libc.ts";
import type { Datagram } from "../netlink/datagram.ts";
import { NetlinkFormatError } from "../netlink/format-error.ts";
import {
  aligned,
  HEADER_BYTES,
  MOST_ERRNO,
  NLMSG_DONE,
  NLMSG_ERROR,
  NLMSG_OVERRUN,
} from "../netlink/message.ts";
import { TCPDIAG_GETSOCK } from "./request.ts";
import { ROW_BYTES, type SocketRow } from "./row.ts";
import { SOCKET_STATES, SOCKET_TIMERS } from "./state.ts";

/**
 * Walks the messages in the first `length` bytes of a datagram and visits the socket of each. `row` is the window that
 * the visitor reads through; it must have been made over the same datagram. Messages of another sequence are the rest of
 * an earlier dump and are passed over.
 *
 * The answer is true when the dump is done (NLMSG_DONE), false when another datagram follows: a dump is a multi-part
 * message. Errors: SystemCallError when the kernel refused the request or broke off (NLMSG_ERROR, or an errno in
 * NLMSG_DONE); NetlinkFormatError when a message is not what its lengths say.
 */
export function visitRows(
  datagram: Datagram,
  length: number,
  sequence: number,
  row: SocketRow,
  visit: (row: SocketRow) => void,
): boolean {
  const { words, halves } = datagram;
  let at = 0;
  while (at + HEADER_BYTES <= length) {
    const messageBytes = words[at >> 2]!;
    const end = at + messageBytes;
    if (messageBytes < HEADER_BYTES || end > length) {
      throw new NetlinkFormatError(`a message of ${messageBytes} bytes where ${length - at} are left`);
    }
    if (words[(at >> 2) + 2] === sequence) {
      const type = halves[(at >> 1) + 2]!;
      if (type === TCPDIAG_GETSOCK) {
        checkRow(datagram, at + HEADER_BYTES, end);
        row.moveTo(at + HEADER_BYTES, end);
        visit(row);
      } else if (type === NLMSG_DONE) {
        refuse(datagram, at, end);
        return true;
      } else if (type === NLMSG_ERROR) {
        if (end < at + HEADER_BYTES + 4) throw new NetlinkFormatError("an error message without an errno");
        refuse(datagram, at, end);
      } else if (type === NLMSG_OVERRUN) {
        throw new NetlinkFormatError("the kernel lost a part of it (NLMSG_OVERRUN)");
      }
    }
    // Messages are padded to 4 bytes; the last one need not be.
    at = aligned(end);
  }
  return false;
}

/** Refuses a row that is cut off, or that has a family, state or timer this program knows no name for. */
function checkRow({ bytes }: Datagram, at: number, end: number): void {
  const length = end - at;
  if (length < ROW_BYTES) throw new NetlinkFormatError(`a row of ${length} bytes instead of ${ROW_BYTES}`);
  const family = bytes[at]!;
  const state = bytes[at + 1]!;
  const timer = bytes[at + 2]!;
  if (family !== AF_INET && family !== AF_INET6) throw new NetlinkFormatError(`a row of family ${family}`);
  if (state === 0 || state >= SOCKET_STATES.length) throw new NetlinkFormatError(`a row in state ${state}`);
  if (timer >= SOCKET_TIMERS.length) throw new NetlinkFormatError(`a row with a timer of kind ${timer}`);
}

/** Throws what struct nlmsgerr, or the errno that NLMSG_DONE may carry, says: both begin with 0 or minus an errno. */
function refuse({ words }: Datagram, at: number, end: number): void {
  if (end < at + HEADER_BYTES + 4) return;
  const errno = -(words[(at + HEADER_BYTES) >> 2]! | 0);
  if (errno < 0 || errno > MOST_ERRNO) throw new NetlinkFormatError(`an error with the errno ${errno}`);
  if (errno > 0) throw new SystemCallError("NETLINK_SOCK_DIAG", errno, "asking for a dump of TCP sockets");
}
