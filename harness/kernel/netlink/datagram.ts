/**
 * A buffer for one netlink datagram, with three views. Messages and attributes begin at multiples of 4 (NLMSG_ALIGNTO,
 * NLA_ALIGNTO), so each field is one element of the view of its width. The views have the machine's byte order, as netlink
 * does. The buffer is made once and filled again and again.
 */
export class Datagram {
  readonly bytes: Uint8Array;
  readonly halves: Uint16Array;
  readonly words: Uint32Array;

  /** `capacity` in bytes, a multiple of 4. */
  constructor(capacity: number) {
    this.bytes = new Uint8Array(capacity);
    this.halves = new Uint16Array(this.bytes.buffer);
    this.words = new Uint32Array(this.bytes.buffer);
  }
}
