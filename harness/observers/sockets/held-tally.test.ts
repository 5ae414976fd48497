import { expect, test } from "vitest";
import { LISTEN, SOCKET_STATES } from "../../kernel/sockdiag/state.ts";
import { HeldTally } from "./held-tally.ts";

const ESTABLISHED = SOCKET_STATES.indexOf("ESTABLISHED");

test("sockets are counted by the processes that hold them, and those that nobody holds apart", () => {
  const tally = new HeldTally();
  tally.begin(
    new Map([
      [1, [23]],
      [2, [23, 97]],
    ]),
  );
  const [receiveQueue, sendQueue] = [3, 5];
  for (const inode of [1, 2, 0, 7]) tally.add({ inode, state: LISTEN, receiveQueue, sendQueue }, "listener");
  tally.add({ inode: 2, state: ESTABLISHED, receiveQueue, sendQueue }, "connector");
  const names: Record<number, string> = { 23: "node" };
  expect(tally.held((pid) => names[pid] ?? null)).toEqual({
    processes: [
      {
        pid: 23,
        name: "node",
        sockets: 3,
        states: { LISTEN: 2, ESTABLISHED: 1 },
        sides: { listener: 2, connector: 1 },
        unreadBytes: 3,
        unacknowledgedBytes: 5,
      },
      {
        pid: 97,
        name: "exited",
        sockets: 2,
        states: { LISTEN: 1, ESTABLISHED: 1 },
        sides: { listener: 1, connector: 1 },
        unreadBytes: 3,
        unacknowledgedBytes: 5,
      },
    ],
    none: { LISTEN: 1 },
    unseen: { LISTEN: 1 },
  });
  tally.begin(new Map());
  expect(tally.held(() => null)).toEqual({ processes: [], none: {}, unseen: {} });
});
