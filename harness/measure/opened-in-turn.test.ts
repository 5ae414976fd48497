import { expect, test } from "vitest";
import type { SocketExample } from "../model/sample.ts";
import type { TcpInfoExcerpt } from "../model/tcp-info.ts";
import { at, group, handMade, socketsAt } from "../recording/hand-made.fixture.ts";
import { areLasting, mostOpenedInTurn } from "./opened-in-turn.ts";

const which = { state: "ESTABLISHED", side: "connector" } as const;
const info: TcpInfoExcerpt = {
  rttUs: 0,
  rtoUs: 0,
  sendMssBytes: 0,
  congestionWindow: 0,
  unacked: 0,
  lastDataSentMs: 0,
  lastDataReceivedMs: 0,
  totalRetransmits: 0,
  bytesAcked: 0,
  bytesReceived: 0,
};

/** A connection of a process that last sent something so long ago. */
function connection(lastDataSentMs: number | null, pid = 31, remote = "192.0.2.2:8080"): SocketExample {
  return {
    local: "192.0.2.1:40001",
    remote,
    receiveQueueBytes: 0,
    sendQueueBytes: 0,
    timerMs: 0,
    retransmits: 0,
    uid: 0,
    inode: 7,
    pids: [pid],
    ...(lastDataSentMs !== null && { tcpInfo: { ...info, lastDataSentMs } }),
  };
}

function found(count: number, examples: SocketExample[], isMeant: boolean | null = true) {
  const recording = handMade([
    socketsAt(at(10), "client", [group("ESTABLISHED", "connector", count, { examples })]),
  ]);
  return mostOpenedInTurn(recording, which, () => isMeant, 10);
}

test("connections that were used one after another are found, with how many there are", () => {
  const paced = [100, 300, 500].map((ms) => connection(ms));
  expect(found(3, paced)).toEqual({
    pid: 31,
    remote: "192.0.2.2:8080",
    count: 3,
    fromMs: 100,
    toMs: 500,
    atUs: 10_000,
  });
  expect(found(23, paced)).toMatchObject({ count: 23 });
});

test("connections that were opened together are not, and so are too few, others, and those that are not meant", () => {
  expect(found(3, [connection(500), connection(501), connection(507)])).toBeNull();
  expect(found(97, [connection(100), connection(300), connection(500)])).toBeNull();
  expect(found(2, [connection(100), connection(300)])).toBeNull();
  expect(found(3, [connection(100), connection(300), connection(500, 32)])).toBeNull();
  expect(found(3, [connection(100), connection(300), connection(500, 31, "192.0.2.3:8080")])).toBeNull();
  expect(found(3, [connection(100), connection(300), connection(500)], false)).toBeNull();
});

test("without tcp_info, or where it does not say what is asked, they are unknown", () => {
  expect(found(3, [connection(100), connection(null), connection(500)])).toBe("unknown");
  expect(found(3, [connection(100), connection(300), connection(500)], null)).toBe("unknown");
});

test("a process that uses one of them again has a pool", () => {
  const look = (ms: number, bytesAcked: number, lastDataSentMs: number) =>
    socketsAt(at(ms), "client", [
      group("ESTABLISHED", "connector", 3, {
        examples: [1, 2, 3].map((inode) => ({
          ...connection(inode * 100),
          inode,
          ...(inode === 3 && { tcpInfo: { ...info, bytesAcked, lastDataSentMs } }),
        })),
      }),
    ]);
  const meant = (...looks: ReturnType<typeof look>[]) =>
    mostOpenedInTurn(handMade(looks), which, () => true, 10);
  expect(meant(look(10, 97, 300), look(210, 97, 500))).toMatchObject({ count: 3 });
  expect(meant(look(10, 97, 300), look(210, 194, 20))).toBeNull();
  // The rest of a first exchange.
  expect(meant(look(10, 97, 100), look(30, 194, 120))).toMatchObject({ count: 3 });
});

test("what the other end sends of its own accord is use, and a late greeting or answer is none", () => {
  const look = (ms: number, bytesReceived: number) =>
    socketsAt(at(ms), "client", [
      group("ESTABLISHED", "connector", 3, {
        examples: [1, 2, 3].map((inode) => ({
          ...connection(1000 + inode * 100),
          inode,
          tcpInfo: { ...info, bytesReceived, lastDataSentMs: 1000 + inode * 100, lastDataReceivedMs: 900 },
        })),
      }),
    ]);
  const heard = (...received: number[]) =>
    mostOpenedInTurn(handMade(received.map((bytes, nth) => look(nth * 200, bytes))), which, () => true, 10);
  expect(heard(9, 9)).toMatchObject({ count: 3 });
  expect(heard(0, 9)).toMatchObject({ count: 3 });
  expect(heard(9, 18)).toBeNull();
});

test("connections last when three of them are there a second later, and not when others took their places", () => {
  const look = (ms: number, first: number) =>
    socketsAt(at(ms), "client", [
      group("ESTABLISHED", "connector", 3, {
        examples: [first, first + 1, first + 2].map((inode) => ({ ...connection(100), inode })),
      }),
    ]);
  expect(areLasting(handMade([look(10, 1), look(1010, 1)]), 31)).toBe(true);
  expect(areLasting(handMade([look(10, 1), look(1000, 1)]), 31)).toBe(false);
  expect(areLasting(handMade([look(10, 1), look(1010, 2)]), 31)).toBe(false);
  expect(areLasting(handMade([look(10, 1), look(1010, 1)]), 32)).toBe(false);
});
