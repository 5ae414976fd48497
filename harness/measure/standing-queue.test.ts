import { describe, expect, test } from "vitest";
import type { View } from "../model/expectation.ts";
import { queueStandsMs } from "./standing-queue.ts";

/** A look every 100 ms at one listener with a backlog of 4, and at the connections that have come by then. */
function looks(queues: number[], opens: number[] = []): View {
  return {
    host: "server",
    sysctls: {},
    samples: queues.flatMap((queue, nth) => [
      {
        kind: "listeners" as const,
        host: "server",
        phase: "load" as const,
        atUs: nth * 100_000,
        listeners: [{ address: "0.0.0.0", port: 7919, queue, backlog: 4, inode: 97 }],
      },
      {
        kind: "counters" as const,
        host: "server",
        phase: "load" as const,
        atUs: nth * 100_000,
        deltas: { TcpPassiveOpens: opens[nth] ?? 0 },
      },
    ]),
  };
}

describe("how long a queue stands", () => {
  test.each([
    { what: "it grows and is never emptied", queues: [0, 2, 3, 3, 4], ms: 300 },
    { what: "it gets shorter in between", queues: [3, 3, 2, 2, 2], ms: 200 },
    { what: "it is emptied", queues: [3, 0, 3, 0, 3], ms: 0 },
    { what: "too few wait", queues: [1, 1, 1], ms: 0 },
    { what: "it is full, and nobody comes", queues: [5, 5, 5], opens: [5, 5, 5], ms: 200 },
    { what: "it is full, and each that is accepted is replaced", queues: [5, 5, 5], opens: [5, 6, 7], ms: 0 },
  ])("$what: $ms ms", ({ queues, opens, ms }) => {
    expect(queueStandsMs(looks(queues, opens), 2)).toBe(ms);
  });

  test("nothing is known without a sample of listeners", () => {
    expect(queueStandsMs(looks([]), 2)).toBeNull();
  });
});
