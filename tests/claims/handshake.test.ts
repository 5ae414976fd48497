import { describe, expect, test } from "vitest";
import { doctored, reference, settled } from "./settled.ts";

test.each([
  ["C76", "obsolete"],
  ["C77", "holds-with-limits"],
  ["C78", "obsolete"],
  ["C79", "holds-with-limits"],
  ["C81a", "holds-with-limits"],
  ["C81b", "holds-with-limits"],
  ["C81c", "obsolete"],
  ["C82", "holds-with-limits"],
  ["C260", "holds-with-limits"],
  ["C264", "holds"],
])("%s on the committed recordings: %s", (id, verdict) => {
  const result = settled(id);
  expect([result.verdict, result.observed.en]).toEqual([verdict, expect.not.stringContaining("?")]);
});

describe("with what another kernel might have recorded", () => {
  const wide = reference("syn-queue-length/wide");

  test("C76 holds if SYNs are retried five times and each wait is doubled", () => {
    const textbook = { "handshake-retries/defaults": reference("handshake-retries/doubling") };
    expect(settled("C76", textbook).verdict).toBe("holds");
  });

  test("C77 holds if a crowded listener drops no client", () => {
    expect(settled("C77", { "syn-queue-length/short-backlog": wide }).verdict).toBe("holds");
  });

  test("C78 holds if the backlog is no limit", () => {
    const others = { "syn-queue-length/cookies-wide-sysctl": wide, "syn-queue-length/narrow-sysctl": wide };
    expect(settled("C78", others).verdict).toBe("holds");
  });

  test("C79 holds if the sysctl alone never helps, and is refuted if it helps by default", () => {
    const never = { "syn-queue-length/narrow-sysctl": wide };
    expect(settled("C79", never).verdict).toBe("holds");
    expect(settled("C79", { "syn-queue-length/cookies-wide-sysctl": wide }).verdict).toBe("refuted");
  });

  test("C81a holds if no client is known, and is refuted if there is room", () => {
    const unknown = {
      "syn-queue-length/narrow-sysctl-known-client": reference("syn-queue-length/narrow-sysctl"),
    };
    expect(settled("C81a", unknown).verdict).toBe("holds");
    expect(settled("C81a", { "syn-queue-length/short-backlog": wide }).verdict).toBe("refuted");
  });

  test("C81b is refuted if 2 does the same as 1", () => {
    const one = { "syn-queue-length/cookies-always": reference("syn-queue-length/cookies") };
    expect(settled("C81b", one).verdict).toBe("refuted");
  });

  test("C81c holds if cookies are off", () => {
    const off = { "handshake-retries/defaults": reference("syn-queue-length/short-backlog") };
    expect(settled("C81c", off).verdict).toBe("holds");
  });

  test("C82 is refuted if the counter counts too little", () => {
    const behind = doctored(reference("syn-queue-length/short-backlog"), (sample) =>
      sample.kind === "counters" ? { ...sample, deltas: { ...sample.deltas, TcpExtListenDrops: 1 } } : sample,
    );
    const none = { "syn-queue-length/short-backlog": behind };
    expect(settled("C82", none).verdict).toBe("refuted");
  });

  test("C260 holds if the accept queue has room", () => {
    const roomy = { "accept-queue-length/cookies-always": reference("accept-queue-length/both-large") };
    expect(settled("C260", roomy).verdict).toBe("holds");
  });

  test("C264 is refuted if the number of retries changes nothing", () => {
    const same = { "syn-unanswered/one-retry": reference("syn-unanswered/two-retries") };
    expect(settled("C264", same).verdict).toBe("refuted");
  });
});
