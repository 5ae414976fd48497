import { LITTLE_ENDIAN } from "../byte-order.ts";
import { interfaceName } from "../interface.ts";
import type { NetworkNamespace } from "../namespace.ts";
import { attribute, message, NLM_F_CREATE, NLM_F_EXCL } from "../netlink/message.ts";
import type { RtnetlinkRequest } from "./request.ts";

/** include/uapi/linux/rtnetlink.h. */
const RTM_NEWLINK = 16;
const RTM_SETLINK = 19;
/** include/uapi/linux/if_link.h. */
const IFLA_ADDRESS = 1;
const IFLA_IFNAME = 3;
const IFLA_LINKINFO = 18;
const IFLA_NET_NS_FD = 28;
/** Inside IFLA_LINKINFO, include/uapi/linux/if_link.h; inside IFLA_INFO_DATA of a veth, include/uapi/linux/veth.h. */
const IFLA_INFO_KIND = 1;
const IFLA_INFO_DATA = 2;
const VETH_INFO_PEER = 1;
/** include/uapi/linux/if.h. */
const IFF_UP = 0x1;

/** The two ends of a veth pair: one in the namespace of the request, the other in the namespace of `peer`. */
export interface VethPair {
  device: string;
  /** The index of this end, from 1. The kernel chooses that of the other end. */
  index: number;
  peer: {
    device: string;
    namespace: NetworkNamespace;
    /** For example `02:00:00:00:00:01`. Without it, the kernel makes one up. */
    ethernet?: string;
  };
}

/**
 * A request for a veth pair. Both ends are down at first. The namespace's descriptor must be open when the request is sent. Throws
 * a RangeError when a name, the index or the hardware address is invalid.
 */
export function newVethPair({ device, index, peer }: VethPair): RtnetlinkRequest {
  if (!Number.isInteger(index) || index < 1 || index > 0x7fff_ffff) {
    throw new RangeError(`${index} is not an index of an interface: it must be a whole number from 1`);
  }
  const far = [
    linkHeader({}),
    ...(peer.ethernet === undefined ? [] : [attribute(IFLA_ADDRESS, ethernetBytes(peer.ethernet))]),
    attribute(IFLA_NET_NS_FD, word(peer.namespace.fd)),
    attribute(IFLA_IFNAME, interfaceName(peer.device)),
  ];
  const info = [
    attribute(IFLA_INFO_KIND, Buffer.from("veth", "latin1")),
    attribute(IFLA_INFO_DATA, attribute(VETH_INFO_PEER, ...far)),
  ];
  return {
    call: "RTM_NEWLINK",
    about: `making the veth pair ${device}, with its end ${peer.device} in ${peer.namespace.name}`,
    bytes: message(
      RTM_NEWLINK,
      NLM_F_CREATE | NLM_F_EXCL,
      linkHeader({ index }),
      attribute(IFLA_IFNAME, interfaceName(device)),
      attribute(IFLA_LINKINFO, ...info),
    ),
  };
}

/** A request to bring an interface up or down, by its name or its index. Throws a RangeError when the name is invalid. */
export function setLink(device: string | number, state: "up" | "down"): RtnetlinkRequest {
  const header = { flags: state === "up" ? IFF_UP : 0, change: IFF_UP };
  const parts =
    typeof device === "number"
      ? [linkHeader({ ...header, index: device })]
      : [linkHeader(header), attribute(IFLA_IFNAME, interfaceName(device))];
  return {
    call: "RTM_SETLINK",
    about: `setting the interface ${device} ${state}`,
    bytes: message(RTM_SETLINK, 0, ...parts),
  };
}

/**
 * struct ifinfomsg, include/uapi/linux/rtnetlink.h: family (u8), padding (u8), type (u16), index (int), flags (u32), and a mask
 * of the flags to change (u32).
 */
function linkHeader({ index = 0, flags = 0, change = 0 }): Uint8Array {
  const view = new DataView(new ArrayBuffer(16));
  view.setInt32(4, index, LITTLE_ENDIAN);
  view.setUint32(8, flags, LITTLE_ENDIAN);
  view.setUint32(12, change, LITTLE_ENDIAN);
  return new Uint8Array(view.buffer);
}

function ethernetBytes(text: string): Uint8Array {
  if (!/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(text)) {
    throw new RangeError(`"${text}" is not a hardware address of six bytes, such as 02:00:00:00:00:01`);
  }
  return Buffer.from(text.replaceAll(":", ""), "hex");
}

function word(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, value, LITTLE_ENDIAN);
  return new Uint8Array(view.buffer);
}
