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
 * Walks through the messages in the first `length` bytes of a datagram and visits the socket of each. The visitor reads it
 * through `row`, which must have been made for the same datagram. Messages with another sequence number belong to an earlier
 * dump and are skipped.
 *
 * Returns true when the dump is complete (NLMSG_DONE), and false when another datagram follows: a dump is a multi-part
 * message. A row can have a family, state, timer or attribute of a later kernel that has no name here. It is visited like the
 * others, because its other fields are valid. Errors: SystemCallError when the kernel refused the request or aborted the dump
 * (NLMSG_ERROR, or an errno in NLMSG_DONE); NetlinkFormatError when a length in a message is wrong.
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
        throw new NetlinkFormatError("the kernel lost a part of the dump (NLMSG_OVERRUN)");
      }
    }
    // Messages are padded to 4 bytes; the last one need not be.
    at = aligned(end);
  }
  return false;
}

/** Throws the error of a struct nlmsgerr or of NLMSG_DONE. Both begin with 0 or minus an errno. */
function refuse({ words }: Datagram, at: number, end: number): void {
  if (end < at + HEADER_BYTES + 4) return;
  const errno = -(words[(at + HEADER_BYTES) >> 2]! | 0);
  if (errno < 0 || errno > MOST_ERRNO) throw new NetlinkFormatError(`an error with the errno ${errno}`);
  if (errno > 0) throw new SystemCallError("NETLINK_SOCK_DIAG", errno, "asking for a dump of TCP sockets");
}
