import { describe, expect, test } from "vitest";
import { doctored, reference, settled } from "./settled.ts";

describe("with what another kernel or server might have recorded", () => {
  test("C83 and C86 hold if the queue never exceeds its limit", () => {
    const exact = doctored(reference("accept-queue-length/backlog-4"), (sample) =>
      sample.kind === "listeners"
        ? {
            ...sample,
            listeners: sample.listeners.map((one) => ({ ...one, queue: Math.min(one.queue, one.backlog) })),
          }
        : sample,
    );
    expect(settled("C83", { "accept-queue-length/backlog-4": exact }).verdict).toBe("holds");
    expect(settled("C86", { "accept-queue-length/backlog-4": exact }).verdict).toBe("holds");
  });

  test("C89 is refuted if an overflow is no drop", () => {
    const uncounted = doctored(reference("accept-queue-overflow/buggy"), (sample) =>
      sample.kind === "counters" ? { ...sample, deltas: { ...sample.deltas, TcpExtListenDrops: 1 } } : sample,
    );
    expect(settled("C89", { "accept-queue-overflow/buggy": uncounted }).verdict).toBe("refuted");
  });
});
