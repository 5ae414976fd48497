import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProbeResult } from "../../harness/check/battery.ts";
import { Laboratory } from "../../harness/lab/laboratory.ts";
import { PROBES } from "../../harness/probes/all.ts";
import { rows } from "./expected/ends.ts";
import { needs } from "../programs/needs.ts";
import { resultsAt } from "./try.ts";

/** For each probe of the ends of connections, a pair: a server that fails it, and one that passes. */
const PAIRS: [probe: string, bad: string, good: string][] = [
  // The one that takes the longest comes first.
  ["client-never-closes", "fin-wait-2-pileup/buggy", "fin-wait-2-pileup/fixed"],
  ["client-never-closes", "close-notify-unanswered/buggy", "close-notify-unanswered/fixed"],
  ["websocket-close-unanswered", "websocket-close-unanswered/buggy", "websocket-close-unanswered/fixed"],
  ["half-close-after-request", "half-close-after-request/buggy", "half-close-after-request/fixed"],
  ["abort-before-request", "abort-before-request/buggy", "abort-before-request/fixed"],
  ["abort-in-request", "abort-in-request/buggy", "abort-in-request/fixed"],
  ["abort-after-request", "abort-in-request/buggy", "abort-in-request/fixed"],
  ["abort-in-response", "abort-in-response/buggy", "abort-in-response/fixed"],
  ["reset-before-accept", "reset-before-accept/buggy", "reset-before-accept/fixed"],
  ["vanished-client-idle", "silent-client-blocks-acceptor/buggy", "half-open-idle/fixed"],
  ["early-answer-to-upload", "early-answer-to-upload/buggy", "early-answer-to-upload/fixed"],
];
/** Probes that only ask, each with what must be seen at two servers that differ. */
const ASKED: [probe: string, server: string, seen: RegExp][] = [
  ["vanished-client-idle", "half-open-idle/buggy", /still ESTABLISHED .* no timer/],
  ["vanished-client-idle", "half-open-idle/fixed-by-keepalive", /3 keep-alive probes/],
  ["vanished-client-in-response", "half-open-idle/fixed", /retransmissions/],
  ["who-closes-first", "silent-client-blocks-acceptor/fixed", /^the server .* TIME-WAIT at the server$/],
  ["who-closes-first", "close-wait-leak/fixed", /^the client, .* TIME-WAIT at the client$/],
];

let lab: Laboratory;
const folder = mkdtempSync(join(tmpdir(), "lastack-"));
beforeAll(async () => {
  lab = await Laboratory.open();
});
afterAll(async () => {
  await lab.close();
  rmSync(folder, { recursive: true });
});

async function checked(probe: string, server: string): Promise<ProbeResult> {
  const row = rows.find((one) => one.server === server)!;
  const probes = PROBES.filter(({ id }) => id === probe);
  const [result] = await resultsAt(row, { probes, bounds: {} }, lab, join(folder, probe, server));
  return result!;
}

const words = (result: ProbeResult): string =>
  [result.outcome, ...result.claims.map(({ outcome, observed }) => `${outcome}: ${observed}`)].join("\n");

// 997 connections keep two processors busy, so it runs by itself.
test("client-closes-first: close-wait-leak/buggy and close-wait-leak/fixed", async () => {
  const failed = await checked("client-closes-first", "close-wait-leak/buggy");
  expect(failed.outcome, words(failed)).toBe("fail");
  const passed = await checked("client-closes-first", "close-wait-leak/fixed");
  expect(passed.outcome, words(passed)).toBe("pass");
});

describe.concurrent("a probe", needs("python3"), () => {
  test.each(PAIRS)(
    "fails a server that has its fault, and passes one that has not: %s: %s and %s",
    async (probe, bad, good) => {
      const failed = await checked(probe, bad);
      expect(failed.outcome, words(failed)).toBe("fail");
      const passed = await checked(probe, good);
      expect(["pass", "informational"], words(passed)).toContain(passed.outcome);
    },
  );

  test("of WebSocket is skipped for what the server answers", async () => {
    const { outcome, skipped, recording } = await checked(
      "websocket-close-unanswered",
      "early-answer-to-upload/fixed",
    );
    expect([outcome, skipped]).toEqual([
      "skip",
      "the server does not speak WebSocket at /: its answer is 200",
    ]);
    expect(recording).not.toBeNull();
  });

  test.each(ASKED)("that asks finds out what a server does: %s: %s", async (probe, server, seen) => {
    const result = await checked(probe, server);
    expect(["pass", "informational"], words(result)).toContain(result.outcome);
    expect(result.claims.map(({ observed }) => observed).join("\n"), words(result)).toMatch(
      new RegExp(seen, "m"),
    );
  });
});
