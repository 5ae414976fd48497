/** A netlink datagram with wrong lengths or contents. The cause is the kernel or our own code, never the network. */
export class NetlinkFormatError extends Error {
  override readonly name = "NetlinkFormatError";

  constructor(what: string) {
    super(`a netlink datagram cannot be read: ${what}`);
  }
}
