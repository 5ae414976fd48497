import { SystemCallError } from "../libc.ts";
import { NetlinkSocket } from "../netlink/socket.ts";
import { type RtnetlinkAnswer, readAnswers } from "./answer.ts";
import { batch, type RtnetlinkRequest } from "./request.ts";

/** An answer has 36 bytes, and after a failure a short message. With NETLINK_CAP_ACK it does not repeat the request. */
const DATAGRAM_BYTES = 4096;

/**
 * Changes interfaces and addresses of the calling thread's network namespace, with one datagram for any number of requests. The
 * kernel tries all of them. If some fail, this throws the SystemCallError of the first: EPERM (needs CAP_NET_ADMIN in the
 * namespace), ENODEV (no such interface), EEXIST (it exists already), EOPNOTSUPP (the kernel has no veth), with the kernel's
 * message when there is one. The other requests stay in effect.
 */
export function changeLinks(requests: readonly RtnetlinkRequest[]): void {
  if (requests.length === 0) return;
  const socket = new NetlinkSocket("NETLINK_ROUTE", DATAGRAM_BYTES, "changing interfaces and addresses");
  try {
    socket.turnOn("NETLINK_CAP_ACK");
    socket.turnOn("NETLINK_EXT_ACK");
    socket.send(batch(requests));
    const answers: RtnetlinkAnswer[] = [];
    while (answers.at(-1)?.sequence !== requests.length) {
      answers.push(...readAnswers(socket.datagram, socket.receive()));
    }
    refuse(requests, answers);
  } finally {
    socket.close();
  }
}

/** Throws the first failure among the answers. */
function refuse(requests: readonly RtnetlinkRequest[], answers: RtnetlinkAnswer[]): void {
  const failed = answers.find(({ errno }) => errno !== 0);
  if (failed === undefined) return;
  const request = requests[failed.sequence - 1];
  const said = failed.words === null ? "" : ` (the kernel says: ${failed.words})`;
  throw new SystemCallError(
    request?.call ?? "rtnetlink",
    failed.errno,
    `${request?.about ?? `request ${failed.sequence}`}${said}`,
  );
}
