import { expect, test } from "vitest";
import type { SocketExample } from "../model/sample.ts";
import type { TcpInfoExcerpt } from "../model/tcp-info.ts";
import { at, exampleOf, group, handMade, socketsAt } from "../recording/hand-made.fixture.ts";
import { byAddress, byProcess, conversations } from "./conversations.ts";

const info: TcpInfoExcerpt = {
  rttUs: 0,
  rtoUs: 0,
  sendMssBytes: 0,
  congestionWindow: 0,
  unacked: 0,
  lastDataSentMs: 50,
  lastDataReceivedMs: 20,
  totalRetransmits: 0,
  bytesAcked: 24,
  bytesReceived: 97,
};

function row(inode: number, pid: number, changes: Partial<TcpInfoExcerpt> = {}): SocketExample {
  return exampleOf({ inode, pids: [pid], remote: "192.0.2.2:8080", tcpInfo: { ...info, ...changes } });
}

test("a connection is told as it was seen last, with the times of its last data", () => {
  const recording = handMade([
    socketsAt(at(100), "client", [
      group("ESTABLISHED", "connector", 1, { examples: [row(7, 31, { dataSegmentsSent: 1 })] }),
    ]),
    socketsAt(at(300), "client", [
      group("ESTABLISHED", "connector", 1, {
        examples: [row(7, 31, { dataSegmentsSent: 3, lastDataSentMs: 100 })],
      }),
      group("CLOSE-WAIT", "connector", 1, { examples: [row(8, 31)] }),
    ]),
  ]);
  expect(conversations(recording)).toMatchObject([
    {
      inode: 7,
      pid: 31,
      firstUs: 100_000,
      lastUs: 300_000,
      sentUs: 200_000,
      receivedUs: 280_000,
      segmentsFirst: 1,
      segmentsLast: 3,
    },
  ]);
  expect(conversations(recording, "CLOSE-WAIT")).toMatchObject([{ inode: 8 }]);
});

test("the SYN among the acknowledged bytes is no data that was sent", () => {
  const silent = { bytesAcked: 1, bytesReceived: 0 };
  const one = (side: "connector" | "listener", changes: Partial<TcpInfoExcerpt>) =>
    conversations(
      handMade([
        socketsAt(at(100), "client", [group("ESTABLISHED", side, 1, { examples: [row(7, 31, changes)] })]),
      ]),
    );
  expect(one("connector", silent)).toMatchObject([{ sentUs: null, receivedUs: null }]);
  expect(one("listener", { ...silent, bytesAcked: 0 })).toMatchObject([{ sentUs: null }]);
  expect(one("connector", { ...silent, bytesSent: 1 })).toMatchObject([{ sentUs: 50_000 }]);
});

test("nothing is told where it was not recorded what was sent over a connection, and those of nobody are left out", () => {
  const look = (examples: SocketExample[]) =>
    conversations(
      handMade([socketsAt(at(100), "client", [group("ESTABLISHED", "connector", 1, { examples })])]),
    );
  expect(look([exampleOf({ inode: 7, pids: [31] })])).toBeNull();
  expect(look([exampleOf({ inode: 7, pids: [] })])).toEqual([]);
});

test("they can be told apart by process, and connecting ends by address", () => {
  const all =
    conversations(
      handMade([
        socketsAt(at(100), "client", [
          group("ESTABLISHED", "connector", 2, { examples: [row(7, 31), row(8, 32)] }),
          group("ESTABLISHED", "listener", 1, { examples: [row(9, 31)] }),
        ]),
      ]),
    ) ?? [];
  const inodes = (found: Map<unknown, { inode: number }[]>) =>
    [...found].map(([key, some]) => [key, some.map(({ inode }) => inode)]);
  expect(inodes(byProcess(all))).toEqual([
    [31, [7, 9]],
    [32, [8]],
  ]);
  expect(inodes(byAddress(all))).toEqual([["192.0.2.2:8080", [7, 8]]]);
});
