/** A netlink datagram that does not hold what its lengths say. It is the kernel's or ours, never the network's doing. */
export class NetlinkFormatError extends Error {
  override readonly name = "NetlinkFormatError";

  constructor(what: string) {
    super(`a netlink datagram cannot be read: ${what}`);
  }
}
