import { AF_INET, AF_INET6, addressBytes } from "../address.ts";
import { parseTcpInfo, type TcpInfo } from "../tcpinfo.ts";
import type { Datagram } from "../netlink/datagram.ts";
import { NetlinkFormatError } from "../netlink/format-error.ts";
import { stateName, timerName, type SocketState, type SocketTimer, type UnknownNumber } from "./state.ts";
import { addressText } from "./text.ts";

/**
 * struct inet_diag_msg, include/uapi/linux/inet_diag.h: family, state, timer, retrans (u8 each), struct inet_diag_sockid
 * (sport and dport in network order, src and dst of 16 bytes, interface, cookie), then expires, rqueue, wqueue, uid and
 * inode (u32 each).
 */
const AT = {
  sport: 4,
  dport: 6,
  src: 8,
  dst: 24,
  cookie: 44,
  expires: 52,
  rqueue: 56,
  wqueue: 60,
  uid: 64,
  inode: 68,
};
export const ROW_BYTES = 72;

/** struct nlattr (include/uapi/linux/netlink.h): len (u16), type (u16); INET_DIAG_INFO of include/uapi/linux/inet_diag.h. */
const ATTRIBUTE_BYTES = 4;
const INET_DIAG_INFO = 2;

/** An address in the form of a row, as words of this machine's order: at IPv4 sockets, and at IPv6 ones (IPv4 is mapped there). */
export interface AddressWords {
  ipv4: number | null;
  ipv6: number[];
}

/** The words of a numeric address. An IPv4 address is found at dual-stack sockets, too (RFC 4291, section 2.5.5.2). */
export function addressWords(address: string): AddressWords {
  const { family, bytes } = addressBytes(address);
  if (family !== AF_INET) return { ipv4: null, ipv6: wordsOf(bytes) };
  const mapped = Buffer.concat([Buffer.from("00000000000000000000ffff", "hex"), bytes]);
  return { ipv4: wordsOf(bytes)[0] ?? null, ipv6: wordsOf(mapped) };
}

function wordsOf(bytes: Buffer): number[] {
  // The copy is aligned.
  const { buffer } = Uint8Array.from(bytes);
  return [...new Uint32Array(buffer)];
}

/**
 * One socket of a dump, read in place in the datagram. The same object moves from row to row, and each field is read only when
 * it is used: a census of 30,000 sockets makes no object and no text for any of them. A row is valid only during its visit;
 * `copy()` makes an object that can be kept.
 */
export class SocketRow {
  readonly #datagram: Datagram;
  #at = 0;
  #end = 0;

  constructor(datagram: Datagram) {
    this.#datagram = datagram;
  }

  /** Moves to the row whose struct inet_diag_msg begins at `at` and whose attributes end at `end`. */
  moveTo(at: number, end: number): void {
    this.#at = at;
    this.#end = end;
  }

  /**
   * The socket's family: AF_INET or AF_INET6. A dual-stack socket (AF_INET6) can have an IPv4 connection. With another number,
   * ports, state and queues are valid, too; only the addresses cannot be read.
   */
  get family(): number {
    return this.#datagram.bytes[this.#at]!;
  }

  /** The kernel's number; stateName gives its name. */
  get state(): number {
    return this.#datagram.bytes[this.#at + 1]!;
  }

  /** The kernel's number; timerName gives its name. */
  get timer(): number {
    return this.#datagram.bytes[this.#at + 2]!;
  }

  /** Retransmissions, or unanswered probes, so far by the running timer. */
  get retransmits(): number {
    return this.#datagram.bytes[this.#at + 3]!;
  }

  get localPort(): number {
    const at = this.#at + AT.sport;
    return (this.#datagram.bytes[at]! << 8) | this.#datagram.bytes[at + 1]!;
  }

  get remotePort(): number {
    const at = this.#at + AT.dport;
    return (this.#datagram.bytes[at]! << 8) | this.#datagram.bytes[at + 1]!;
  }

  /** Milliseconds until the timer fires; 0 when it is overdue, which the kernel shows as a huge number (jiffies_to_msecs). */
  get timerMs(): number {
    return Math.max(0, this.#word(AT.expires) | 0);
  }

  /** Bytes that the program has not read yet; at LISTEN, connections that wait for accept() (tcp_diag_get_info, net/ipv4/tcp_diag.c). */
  get receiveQueue(): number {
    return this.#word(AT.rqueue);
  }

  /** Bytes not yet acknowledged by the other end; at LISTEN, the backlog. */
  get sendQueue(): number {
    return this.#word(AT.wqueue);
  }

  /** Also 0 for requests, TIME-WAIT and orphans. */
  get uid(): number {
    return this.#word(AT.uid);
  }

  /** 0 when no descriptor refers to the socket: requests, TIME-WAIT, orphans, connections not yet accepted. */
  get inode(): number {
    return this.#word(AT.inode);
  }

  /** A number that no other socket has had since the machine started (sock_gen_cookie, net/core/sock_diag.c). */
  get cookie(): number {
    return this.#word(AT.cookie) + this.#word(AT.cookie + 4) * 2 ** 32;
  }

  get localAddress(): string {
    return this.#address(AT.src);
  }

  get remoteAddress(): string {
    return this.#address(AT.dst);
  }

  /** Whether the local address is this one. It compares numbers and makes no text, for a census of many sockets. */
  isLocally(address: AddressWords): boolean {
    return this.#isAt(AT.src, address);
  }

  /** Whether the remote address is this one. */
  isRemotely(address: AddressWords): boolean {
    return this.#isAt(AT.dst, address);
  }

  /** Whether both ends are the same: the socket is connected to itself. */
  get isSelfConnected(): boolean {
    if (this.localPort !== this.remotePort) return false;
    const { words } = this.#datagram;
    const src = (this.#at + AT.src) >> 2;
    const dst = (this.#at + AT.dst) >> 2;
    return (
      words[src] === words[dst] &&
      words[src + 1] === words[dst + 1] &&
      words[src + 2] === words[dst + 2] &&
      words[src + 3] === words[dst + 3]
    );
  }

  /**
   * struct tcp_info, when the dump asked for it and the row has it. Requests, TIME-WAIT, and a FIN-WAIT-2 that the kernel keeps
   * as TIME-WAIT have none. Attributes of other types are skipped, even types that a later kernel adds. Throws a
   * NetlinkFormatError when the attributes overrun the row.
   */
  tcpInfo(): TcpInfo | null {
    const { bytes, halves } = this.#datagram;
    let at = this.#at + ROW_BYTES;
    while (at + ATTRIBUTE_BYTES <= this.#end) {
      const length = halves[at >> 1]!;
      if (length < ATTRIBUTE_BYTES || at + length > this.#end) {
        throw new NetlinkFormatError(`an attribute of ${length} bytes in a row with ${this.#end - at} left`);
      }
      if (halves[(at >> 1) + 1] === INET_DIAG_INFO) {
        return parseTcpInfo(bytes.subarray(at + ATTRIBUTE_BYTES, at + length));
      }
      at += (length + 3) & ~3;
    }
    return null;
  }

  /** All fields of the row, as an object that can be kept. */
  copy(): DiagSocket {
    const { localAddress, localPort, remoteAddress, remotePort, timerMs, retransmits, uid, inode } = this;
    return {
      state: stateName(this.state),
      family: this.family,
      localAddress,
      localPort,
      remoteAddress,
      remotePort,
      receiveQueue: this.receiveQueue,
      sendQueue: this.sendQueue,
      timer: timerName(this.timer),
      timerMs,
      retransmits,
      uid,
      inode,
      tcpInfo: this.tcpInfo(),
    };
  }

  #isAt(offset: number, { ipv4, ipv6 }: AddressWords): boolean {
    const { words } = this.#datagram;
    const at = (this.#at + offset) >> 2;
    // For an IPv4 socket, the kernel fills in only the first word (inet_diag_msg_common_fill, net/ipv4/inet_diag.c).
    if (this.family === AF_INET) return ipv4 !== null && words[at] === ipv4;
    if (this.family !== AF_INET6) return false;
    return ipv6.every((word, n) => words[at + n] === word);
  }

  #word(offset: number): number {
    return this.#datagram.words[(this.#at + offset) >> 2]!;
  }

  #address(offset: number): string {
    const at = this.#at + offset;
    return addressText(this.family, this.#datagram.bytes.subarray(at, at + 16));
  }
}

/** A copy of a socket's row. The fields are those of SocketRow. */
export interface DiagSocket {
  state: SocketState | UnknownNumber;
  family: number;
  localAddress: string;
  localPort: number;
  remoteAddress: string;
  remotePort: number;
  receiveQueue: number;
  sendQueue: number;
  timer: SocketTimer | UnknownNumber;
  timerMs: number;
  retransmits: number;
  uid: number;
  inode: number;
  tcpInfo: TcpInfo | null;
}
