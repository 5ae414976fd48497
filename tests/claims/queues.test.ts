import { describe, expect, test } from "vitest";
import { doctored, reference, settled } from "./settled.ts";

test.each([
  ["C80", "holds-with-limits"],
  ["C83", "holds-with-limits"],
  ["C84", "refuted"],
  ["C85a", "obsolete"],
  ["C85b", "holds-with-limits"],
  ["C86", "holds-with-limits"],
  ["C87", "holds-with-limits"],
  ["C88", "holds-with-limits"],
  ["C89", "holds"],
  ["C90", "holds-with-limits"],
  ["C106", "holds-with-limits"],
  ["C261", "holds-with-limits"],
  ["C262", "holds-with-limits"],
  ["C263", "holds-with-limits"],
])("%s on the committed recordings: %s", (id, verdict) => {
  const result = settled(id);
  expect([result.verdict, result.observed.en]).toEqual([verdict, expect.not.stringContaining("?")]);
});

describe("with what another kernel or server might have recorded", () => {
  const bothLarge = reference("accept-queue-length/both-large");
  const dropped = reference("third-segment-refused/dropped");

  test("C80 is refuted if a running listener follows the sysctl", () => {
    const follows = {
      "listener-backlog/somaxconn-raised": reference("listener-backlog/backlog-raised-reload"),
    };
    expect(settled("C80", follows).verdict).toBe("refuted");
  });

  test("C83 is refuted if the backlog is not limited", () => {
    expect(settled("C83", { "accept-queue-length/somaxconn-4": bothLarge }).verdict).toBe("refuted");
  });

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

  test("C84 holds, and C263 does not, if no connection waits for accept()", () => {
    const accepted = reference("handshake/accepted");
    const others = { "handshake/nobody-accepts": accepted, "accept-queue-length/both-large": accepted };
    expect(settled("C84", others).verdict).toBe("holds");
    expect(settled("C263", others).verdict).toBe("refuted");
  });

  test("C85a holds if somaxconn is 128", () => {
    const old = { "listener-backlog/nginx": reference("listener-backlog/somaxconn-raised") };
    expect(settled("C85a", old).verdict).toBe("holds");
  });

  test("C85b is refuted if nginx asks for 5, and inconclusive without Python", () => {
    const python = reference("listener-backlog/python");
    expect(settled("C85b", { "listener-backlog/nginx": python }).verdict).toBe("refuted");
    const open = settled("C85b", {
      "listener-backlog/python": null,
      "listener-backlog/somaxconn-raised": reference("listener-backlog/nginx"),
    });
    expect(open.verdict).toBe("inconclusive");
  });

  test("C87 is refuted if tcp_abort_on_overflow does nothing", () => {
    expect(settled("C87", { "third-segment-refused/abort": dropped }).verdict).toBe("refuted");
  });

  test("C88 holds if requests are never dropped, and is refuted if they are dropped at once", () => {
    expect(settled("C88", { "third-segment-refused/given-up": dropped }).verdict).toBe("holds");
    const forgotten = { "third-segment-refused/dropped": reference("third-segment-refused/given-up") };
    expect(settled("C88", forgotten).verdict).toBe("refuted");
  });

  test("C89 is refuted if an overflow is no drop", () => {
    const uncounted = doctored(reference("accept-queue-overflow/buggy"), (sample) =>
      sample.kind === "counters" ? { ...sample, deltas: { ...sample.deltas, TcpExtListenDrops: 1 } } : sample,
    );
    expect(settled("C89", { "accept-queue-overflow/buggy": uncounted }).verdict).toBe("refuted");
  });

  test("C90 holds if no client is reset, and is refuted if the queue has room", () => {
    expect(settled("C90", { "third-segment-refused/abort": dropped }).verdict).toBe("holds");
    const roomy = { "accept-queue-overflow/buggy": reference("accept-queue-overflow/fixed-by-backlog") };
    expect(settled("C90", roomy).verdict).toBe("refuted");
  });

  test("C106 is refuted if the counter changes without an overflow", () => {
    const moved = { "accept-queue-length/both-large": reference("accept-queue-length/backlog-4") };
    expect(settled("C106", moved).verdict).toBe("refuted");
  });

  test("C261 and C262 are refuted if the client is not reset", () => {
    expect(settled("C261", { "third-segment-refused/abort": dropped }).verdict).toBe("refuted");
    const same = { "phantom-established/fixed-by-abort": reference("phantom-established/buggy") };
    expect(settled("C262", same).verdict).toBe("refuted");
  });
});
