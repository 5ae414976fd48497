import { expect, test } from "vitest";
import { unreadColumn, withUnread } from "../../measure/unread.ts";
import type { SocketExample } from "../../model/sample.ts";
import { exampleOf, group } from "../../recording/hand-made.fixture.ts";
import { lasting, later } from "./lasting.ts";
import { sectionsOf } from "./section.ts";
import type { SavedSocket } from "./socket.ts";
import { parseSs } from "./ss.ts";

const sockets = (text: string): SavedSocket[] =>
  sectionsOf("f", text, null).flatMap((section) => parseSs(section).sockets);
const LISTENS = "LISTEN 3 5 127.0.0.1:8080 0.0.0.0:* ino:1\n";
const one = (port: number, rest = "", [receive, send] = [0, 0]): string =>
  `ESTAB ${receive} ${send} 127.0.0.1:8080 127.0.0.1:${port} ino:${port} ${rest}\n`;
const ports = (before: string, after: string): number[] =>
  lasting(sockets(before), sockets(after)).map(({ remote }) => remote.port);

test("sockets that both looks show were there in between, and others perhaps not", () => {
  expect(ports(one(40_001) + one(40_002), one(40_002) + one(40_003))).toEqual([40_002]);
});

test("another state, inode, holder or timer is another socket", () => {
  const before = one(40_001, "timer:(on,200ms,0)") + one(40_002) + one(40_003, 'users:(("a",pid=7,fd=3))');
  const after =
    one(40_001) + one(40_002).replace("ESTAB", "CLOSE-WAIT") + one(40_003, 'users:(("b",pid=8,fd=3))');
  expect(ports(before, after)).toEqual([]);
});

test("of a queue from which something was read, nothing is known in between", () => {
  const info = (received: number): string => `cwnd:10 bytes_received:${received}`;
  expect(ports(one(40_001, info(97), [23, 0]), one(40_001, info(97), [23, 0]))).toEqual([40_001]);
  expect(ports(one(40_001, info(97), [23, 0]), one(40_001, info(107), [33, 0]))).toEqual([40_001]);
  expect(ports(one(40_001, info(97), [23, 0]), one(40_001, info(197), [23, 0]))).toEqual([]);
});

test("of a queue of sent bytes that were acknowledged neither", () => {
  const info = (acked: number): string => `cwnd:10 bytes_acked:${acked}`;
  expect(ports(one(40_001, info(5), [0, 23]), one(40_001, info(5), [0, 97]))).toEqual([40_001]);
  expect(ports(one(40_001, info(5), [0, 23]), one(40_001, info(500), [0, 23]))).toEqual([]);
  expect(ports(one(40_001, "", [0, 23]), one(40_001, "", [0, 24]))).toEqual([]);
});

test("of a listener's queue, the connections count that waited in both looks", () => {
  const waits = (port: number): string => one(port).replace(`ino:${port}`, "ino:0");
  const queues = (before: string, after: string): number[] =>
    lasting(sockets(LISTENS + before), sockets(LISTENS + after)).flatMap(({ state, receiveQueue }) =>
      state === 10 ? [receiveQueue] : [],
    );
  expect(
    queues(waits(40_001) + waits(40_002) + waits(40_003), waits(40_002) + waits(40_003) + waits(40_004)),
  ).toEqual([2]);
  expect(queues(one(40_001), one(40_001))).toEqual([0]);
});

test("later, only ages have grown", () => {
  const counts = {
    rttUs: 97,
    rtoUs: 0,
    sendMssBytes: 0,
    congestionWindow: 10,
    unacked: 0,
    totalRetransmits: 0,
  };
  const bytes = { bytesAcked: 97, bytesReceived: 0 };
  const tcpInfo = { ...counts, ...bytes, lastDataSentMs: 5, lastDataReceivedMs: 7, lastAckReceivedMs: 9 };
  const row = exampleOf({ tcpInfo });
  const before = group("ESTABLISHED", "listener", 1, { examples: [row] });
  const older = { ...tcpInfo, lastDataSentMs: 1005, lastDataReceivedMs: 1007, lastAckReceivedMs: 1009 };
  expect(later([before], 1000)).toEqual([{ ...before, examples: [{ ...row, tcpInfo: older }] }]);
});

test("later, what was not read is still not known", () => {
  const untold = withUnread<SocketExample>(exampleOf(), { tcpInfo: "info", pids: "holder" });
  const [after] = later([group("ESTABLISHED", "listener", 1, { examples: [untold] })], 1000);
  expect(after?.examples.map((row) => [unreadColumn(row, "tcpInfo"), unreadColumn(row, "pids")])).toEqual([
    ["info", "holder"],
  ]);
});
