/**
 * Room for one netlink datagram, seen three ways. Messages and attributes in it begin at multiples of 4
 * (NLMSG_ALIGNTO, NLA_ALIGNTO), so a field is read by one index into the view of its width, and the views have the
 * machine's own byte order, which is netlink's. Made once and filled again and again.
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
