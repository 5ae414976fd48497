import { describe, expect, test } from "vitest";
import type { View } from "../model/expectation.ts";
import { standingQueues } from "./standing-queue.ts";

/** A look every 100 ms at one listener with a backlog of 4, and at the connections that have come by then. */
function looks(queues: number[], opens: number[] = []): View {
  return {
    host: "server",
    sysctls: {},
    samples: queues.flatMap((queue, nth) => {
      const moment = { host: "server", phase: "load" as const, atUs: nth * 100_000 };
      const listener = { address: "0.0.0.0", port: 7919, queue, backlog: 4, inode: 97, pids: [31] };
      return [
        { kind: "listeners" as const, ...moment, listeners: [listener] },
        { kind: "counters" as const, ...moment, deltas: { TcpPassiveOpens: opens[nth] ?? 0 } },
      ];
    }),
  };
}

describe("an accept queue stands for 200 ms or longer", () => {
  test.each([
    { what: "it grows and is never emptied", queues: [0, 2, 3, 3, 4], stands: true },
    { what: "it gets shorter, and stands then", queues: [3, 2, 2, 2], stands: true },
    { what: "it gets shorter in between", queues: [3, 3, 2, 2, 1], stands: false },
    { what: "it is emptied", queues: [3, 0, 3, 0, 3], stands: false },
    { what: "too few wait", queues: [1, 1, 1], stands: false },
    { what: "it is full, and nobody comes", queues: [5, 5, 5], opens: [5, 5, 5], stands: true },
    {
      what: "it is full, and each that is accepted is replaced",
      queues: [5, 5, 5],
      opens: [5, 6, 7],
      stands: false,
    },
  ])("$what: $stands", ({ queues, opens, stands }) => {
    const found = standingQueues(looks(queues, opens), { least: 2, forMs: 200 });
    expect(found.length > 0).toBe(stands);
  });

  test("it says which, from when to when, how many wait and whose it is", () => {
    expect(standingQueues(looks([0, 2, 3, 3, 4]), { least: 2, forMs: 200 })).toEqual([
      { host: "server", port: 7919, fromUs: 100_000, toUs: 400_000, queue: 4, pids: [31] },
    ]);
  });
});
