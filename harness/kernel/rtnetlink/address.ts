import { addressBytes, AF_INET6 } from "../address.ts";
import { LITTLE_ENDIAN } from "../byte-order.ts";
import { attribute, message, NLM_F_CREATE, NLM_F_EXCL } from "../netlink/message.ts";
import type { RtnetlinkRequest } from "./request.ts";

/** include/uapi/linux/rtnetlink.h. */
const RTM_NEWADDR = 20;
/** include/uapi/linux/if_addr.h. */
const IFA_ADDRESS = 1;
const IFA_LOCAL = 2;
const IFA_F_NODAD = 0x02;

/**
 * A request to add an IPv4 or IPv6 address, with the length of its prefix, to the interface of an index. An IPv6 address can be
 * used at once (IFA_F_NODAD). Without that flag it is tentative for seconds, while the kernel checks that no neighbour has it
 * (RFC 4862 section 5.4), and bind() fails with EADDRNOTAVAIL. No broadcast address is set. Throws a RangeError when the address
 * or the prefix is invalid.
 */
export function newAddress(index: number, address: string, prefix: number): RtnetlinkRequest {
  const { family, bytes } = addressBytes(address);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > bytes.length * 8) {
    throw new RangeError(
      `${prefix} is not the length of a prefix of ${address}: it must be from 0 to ${bytes.length * 8}`,
    );
  }
  // struct ifaddrmsg, include/uapi/linux/if_addr.h: family, prefix length, flags, scope (u8 each; scope 0 is global), index (u32).
  const header = new DataView(new ArrayBuffer(8));
  header.setUint8(0, family);
  header.setUint8(1, prefix);
  header.setUint8(2, family === AF_INET6 ? IFA_F_NODAD : 0);
  header.setUint32(4, index, LITTLE_ENDIAN);
  return {
    call: "RTM_NEWADDR",
    about: `adding the address ${address}/${prefix} to the interface with index ${index}`,
    bytes: message(
      RTM_NEWADDR,
      NLM_F_CREATE | NLM_F_EXCL,
      new Uint8Array(header.buffer),
      // IFA_LOCAL is the host's own address, IFA_ADDRESS that of the prefix. Both are the same, except on a point-to-point interface.
      attribute(IFA_LOCAL, bytes),
      attribute(IFA_ADDRESS, bytes),
    ),
  };
}
