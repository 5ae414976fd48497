import { expect, test } from "vitest";
import { LISTEN } from "../../kernel/sockdiag/state.ts";
import { HeldTally } from "./held-tally.ts";

test("sockets are counted by the processes that hold them, and those that nobody holds apart", () => {
  const tally = new HeldTally();
  tally.begin(
    new Map([
      [1, [23]],
      [2, [23, 97]],
    ]),
  );
  for (const inode of [1, 2, 0, 7]) tally.add({ inode, state: LISTEN });
  const names: Record<number, string> = { 23: "node" };
  expect(tally.held((pid) => names[pid] ?? null)).toEqual({
    processes: [
      { pid: 23, name: "node", sockets: 2, states: { LISTEN: 2 } },
      { pid: 97, name: "exited", sockets: 1, states: { LISTEN: 1 } },
    ],
    none: { LISTEN: 1 },
    unseen: { LISTEN: 1 },
  });
  tally.begin(new Map());
  expect(tally.held(() => null)).toEqual({ processes: [], none: {}, unseen: {} });
});
