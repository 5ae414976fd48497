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

/**
 * Walks the messages in the first `length` bytes of a datagram and visits the socket of each. `row` is the window that
 * the visitor reads through; it must have been made over the same datagram. Messages of another sequence are the rest of
 * an earlier dump and are passed over.
 *
 * The answer is true when the dump is done (NLMSG_DONE), false when another datagram follows: a dump is a multi-part
 * message. A family, state, timer or attribute that has no name here is a later kernel's, and no reason to refuse what it
 * says of all others: the row is visited as it is. Errors: SystemCallError when the kernel refused the request or broke off (NLMSG_ERROR, or an errno in
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
        if (messageBytes < HEADER_BYTES + ROW_BYTES) {
          throw new NetlinkFormatError(
            `a row of ${messageBytes - HEADER_BYTES} bytes instead of ${ROW_BYTES}`,
          );
        }
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

/** Throws what struct nlmsgerr, or the errno that NLMSG_DONE may carry, says: both begin with 0 or minus an errno. */
function refuse({ words }: Datagram, at: number, end: number): void {
  if (end < at + HEADER_BYTES + 4) return;
  const errno = -(words[(at + HEADER_BYTES) >> 2]! | 0);
  if (errno < 0 || errno > MOST_ERRNO) throw new NetlinkFormatError(`an error with the errno ${errno}`);
  if (errno > 0) throw new SystemCallError("NETLINK_SOCK_DIAG", errno, "asking for a dump of TCP sockets");
}
