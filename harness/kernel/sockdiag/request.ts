import { LITTLE_ENDIAN } from "../byte-order.ts";
import { ATTRIBUTE_BYTES, HEADER_BYTES, NLM_F_DUMP, NLM_F_REQUEST } from "../netlink/message.ts";
import { portFilter } from "./filter.ts";

/** include/uapi/linux/inet_diag.h; TCPDIAG_GETSOCK is what its rows come back as, too. */
export const TCPDIAG_GETSOCK = 18;
const INET_DIAG_REQ_BYTECODE = 1;
const INET_DIAG_INFO = 2;
/**
 * struct inet_diag_req: family, src_len, dst_len, ext (u8 each), struct inet_diag_sockid (48 bytes, all zero: any),
 * states (u32), dbs (u32).
 */
const EXTENSIONS_AT = HEADER_BYTES + 3;
const STATES_AT = HEADER_BYTES + 4 + 48;
const REQUEST_BYTES = HEADER_BYTES + 60;

/** What a dump asks for. */
export interface DumpQuery {
  /** A mask of states: `stateMask([...])`, or `ALL_STATES`. */
  states: number;
  /** Only sockets that have one of these ports at either end; the kernel picks them. Absent: all. */
  ports?: readonly number[];
  /** Whether each full socket's row carries struct tcp_info: some 300 bytes more a row. */
  tcpInfo?: boolean;
}

/**
 * The netlink message that asks for a dump of TCP sockets, IPv4 and IPv6 in one.
 *
 * There are two requests in the kernel's interface. SOCK_DIAG_BY_FAMILY names a family, and so walks the table of all
 * connections of the machine twice; TCPDIAG_GETSOCK (inet_diag_dump_compat, net/ipv4/inet_diag.c) leaves the family open
 * and walks it once. That is what is sent: with 30,000 sockets it takes a quarter less time, no connection is looked
 * up in one pass and its other end in the next, and every LISTEN row comes before the first connection.
 *
 * `sequence` comes back with every row. Errors: RangeError when the ports are not ports.
 */
export function dumpRequest(query: DumpQuery, sequence: number): Uint8Array {
  const filter = query.ports === undefined ? null : portFilter(query.ports);
  const length = REQUEST_BYTES + (filter === null ? 0 : ATTRIBUTE_BYTES + filter.length);
  const view = new DataView(new ArrayBuffer(length));
  view.setUint32(0, length, LITTLE_ENDIAN);
  view.setUint16(4, TCPDIAG_GETSOCK, LITTLE_ENDIAN);
  view.setUint16(6, NLM_F_REQUEST | NLM_F_DUMP, LITTLE_ENDIAN);
  view.setUint32(8, sequence, LITTLE_ENDIAN);
  // An extension is asked for by the bit of its number less one.
  view.setUint8(EXTENSIONS_AT, query.tcpInfo === true ? 1 << (INET_DIAG_INFO - 1) : 0);
  view.setUint32(STATES_AT, query.states, LITTLE_ENDIAN);
  const bytes = new Uint8Array(view.buffer);
  if (filter !== null) {
    view.setUint16(REQUEST_BYTES, ATTRIBUTE_BYTES + filter.length, LITTLE_ENDIAN);
    view.setUint16(REQUEST_BYTES + 2, INET_DIAG_REQ_BYTECODE, LITTLE_ENDIAN);
    bytes.set(filter, REQUEST_BYTES + ATTRIBUTE_BYTES);
  }
  return bytes;
}
