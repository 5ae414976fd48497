import { LITTLE_ENDIAN } from "../byte-order.ts";
import { interfaceName } from "../interface.ts";
import { SystemCallError } from "../libc.ts";
import { attributeValue } from "../netlink/attribute.ts";
import type { Datagram } from "../netlink/datagram.ts";
import { NetlinkFormatError } from "../netlink/format-error.ts";
import { attribute, HEADER_BYTES, message } from "../netlink/message.ts";
import { NetlinkSocket } from "../netlink/socket.ts";
import { readAnswers } from "./answer.ts";

/** include/uapi/linux/rtnetlink.h. */
const RTM_NEWLINK = 16;
const RTM_GETLINK = 18;
/** struct ifinfomsg, include/uapi/linux/rtnetlink.h. */
const IFINFO_BYTES = 16;
/** include/uapi/linux/if_link.h. */
const IFLA_IFNAME = 3;
const IFLA_OPERSTATE = 16;
const IFLA_EXT_MASK = 29;
/** include/uapi/linux/rtnetlink.h: the answer needs no statistics. */
const RTEXT_FILTER_SKIP_STATS = 1 << 3;

/** An answer about one interface has about 1,500 bytes. */
const DATAGRAM_BYTES = 16_384;

/** The states of include/uapi/linux/if.h (IF_OPER_UNKNOWN, ...), by their numbers; RFC 2863 section 6 (ifOperStatus). */
export const OPERATIONAL_STATES = [
  "unknown",
  "not present",
  "down",
  "lower layer down",
  "testing",
  "dormant",
  "up",
] as const;
export type OperationalState = (typeof OPERATIONAL_STATES)[number];

/**
 * The operational state of an interface of the calling thread's network namespace. It is `up` when the interface has its queue and can
 * send. Since Linux 6.8, the kernel finishes its deferred work for the interface before it answers (linkwatch_sync_dev in rtnl_getlink,
 * net/core/rtnetlink.c); on older kernels, the state becomes `up` some time later. The flags of getifaddrs(3) do not help: they show an
 * interface in the state `unknown` as running, although it sends nothing yet. Throws a SystemCallError: ENODEV when there is no such
 * interface.
 */
export function operationalState(device: string): OperationalState {
  const about = `reading the state of ${device}`;
  const socket = new NetlinkSocket("NETLINK_ROUTE", DATAGRAM_BYTES, about);
  try {
    const mask = new Uint8Array(4);
    new DataView(mask.buffer).setUint32(0, RTEXT_FILTER_SKIP_STATS, LITTLE_ENDIAN);
    socket.send(
      message(
        RTM_GETLINK,
        0,
        new Uint8Array(IFINFO_BYTES),
        attribute(IFLA_IFNAME, interfaceName(device)),
        attribute(IFLA_EXT_MASK, mask),
      ),
    );
    const length = socket.receive();
    const [refused] = readAnswers(socket.datagram, length);
    if (refused !== undefined) throw new SystemCallError("RTM_GETLINK", refused.errno, about);
    return readState(socket.datagram, length);
  } finally {
    socket.close();
  }
}

/** The state in an answer of `length` bytes. Throws a NetlinkFormatError when there is none, or when a length is wrong. */
export function readState({ halves, words, bytes }: Datagram, length: number): OperationalState {
  const messageBytes = length < HEADER_BYTES ? 0 : words[0]!;
  const type = halves[2]!;
  if (messageBytes < HEADER_BYTES + IFINFO_BYTES || messageBytes > length) {
    throw new NetlinkFormatError(`a message of ${messageBytes} bytes where ${length} are left`);
  }
  if (type !== RTM_NEWLINK) throw new NetlinkFormatError(`an answer of type ${type} about an interface`);
  const value = attributeValue({ halves, bytes }, HEADER_BYTES + IFINFO_BYTES, messageBytes, IFLA_OPERSTATE);
  const [number] = value ?? [];
  if (number === undefined) throw new NetlinkFormatError("an interface without an operational state");
  const state = OPERATIONAL_STATES[number];
  if (state === undefined) throw new NetlinkFormatError(`an operational state of ${number}`);
  return state;
}
