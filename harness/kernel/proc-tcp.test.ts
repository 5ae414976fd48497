import fc from "fast-check";
import { expect, test } from "vitest";
import { LITTLE_ENDIAN } from "./byte-order.ts";
import { parseProcTcp } from "./proc-tcp.ts";

/** The heading and three lines as Linux 6.1 prints them on a little-endian machine; 4 and 6 in one text. */
const TEXT = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000003 00:00000000 00000000  1000        0 23097 1 0000000000000000 100 0 0 10 0
   1: 0100007F:9C41 0100007F:1F90 06 00000000:00000000 03:00000FA0 00000000     0        0 0 3 0000000000000000
  23: B80D0120000000000000000001000000:1F90 B80D0120000000000000000002000000:9C42 01 00000061:00000017 01:00000014 00000002 65534        0 97 1 0000000000000000 20 4 30 10 -1
`;

test.runIf(LITTLE_ENDIAN)("lines of /proc/net/tcp and tcp6 are sockets, with times in milliseconds", () => {
  expect(parseProcTcp(TEXT)).toEqual([
    expect.objectContaining({
      state: 10,
      localAddress: "127.0.0.1",
      localPort: 8080,
      remotePort: 0,
      receiveQueue: 3,
      uid: 1000,
      inode: 23097,
    }),
    expect.objectContaining({ state: 6, timer: 3, timerMs: 40_000, remotePort: 8080, inode: 0 }),
    expect.objectContaining({
      localAddress: "2001:db8::1",
      remoteAddress: "2001:db8::2",
      sendQueue: 97,
      receiveQueue: 23,
      timer: 1,
      timerMs: 200,
      retransmits: 2,
      uid: 65_534,
      inode: 97,
    }),
  ]);
});

test("a socket that is connected to itself, and one that only has the same port", () => {
  const line = (remote: string): string =>
    `   0: 0100007F:1F90 ${remote} 01 00000000:00000000 00:00000000 00000000     0        0 7 1 0`;
  const found = parseProcTcp(`${line("0100007F:1F90")}\n${line("0200007F:1F90")}`);
  expect(found.map(({ isSelfConnected }) => isSelfConnected)).toEqual([true, false]);
});

test("any other text has no sockets, and throws nothing", () => {
  fc.assert(fc.property(fc.string(), (text) => parseProcTcp(text).length === 0));
});
