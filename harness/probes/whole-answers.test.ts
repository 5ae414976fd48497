import { describe, expect, test } from "vitest";
import { DEFAULT_BOUNDS } from "../check/order.ts";
import type { Sample } from "../model/sample.ts";
import type { TcpInfoExcerpt } from "../model/tcp-info.ts";
import { at, exampleOf, group, handMade, socketsAt } from "../recording/hand-made.fixture.ts";
import { plainServer, reportOf } from "./checked-server.fixture.ts";
import { probe } from "./whole-answers.ts";

const [whole, , longer] = probe.claims(plainServer(), DEFAULT_BOUNDS);

/** A slow reader whose pauses took so long, and what it got. */
function slow(outcome: string, { pauseMs = 152, receivedBytes = 500_000 } = {}): Sample[] {
  const waits = Array.from({ length: 20 }, (_, nth) =>
    reportOf("slow", 100 + nth, 1, {
      kind: "step",
      nth: nth + 2,
      step: "wait",
      outcome: "ok",
      ms: nth % 2 === 0 ? pauseMs : 11,
    }),
  );
  const failed = outcome === "ok" ? {} : { step: "answer", nth: 23 };
  const over = { kind: "connection", outcome, ms: 1700, receivedBytes };
  return [...waits, reportOf("slow", 100, 1, Object.assign(over, failed))];
}

describe("an answer that is cut", () => {
  const isSure = (samples: Sample[], waitedUs = 300_000): unknown =>
    typeof whole?.atAnyPace === "function" && whole.atAnyPace(handMade(samples), waitedUs);

  test("is the server's doing when the reader paused no longer than it meant to", () => {
    expect(whole?.test(handMade(slow("truncated"))).holds).toBe(false);
    expect(isSure(slow("truncated"))).toBe(true);
  });

  test.each([260, 195])("may be that of a busy machine when its pauses took %d ms", (pauseMs) => {
    expect(isSure(slow("truncated", { pauseMs }))).toBe(false);
  });

  test("or does not come at all, is judged by how long the reader waited for it", () => {
    const waited = reportOf("slow", 1700, 1, {
      kind: "step",
      nth: 23,
      step: "answer",
      outcome: "timeout",
      ms: 5000,
    });
    expect(isSure([...slow("timeout"), waited])).toBe(true);
    expect(isSure([...slow("timeout"), waited], 2_000_000)).toBe(false);
  });
});

describe("what the kernels take at once", () => {
  const row = (ms: number, bytesAcked: number, sendQueueBytes: number): Sample =>
    socketsAt(at(ms), "server", [
      group("ESTABLISHED", "listener", 1, {
        examples: [exampleOf({ sendQueueBytes, tcpInfo: { bytesAcked } as TcpInfoExcerpt })],
      }),
    ]);
  const closed = (ms: number): Sample =>
    socketsAt(at(ms), "server", [
      group("FIN-WAIT-2", "listener", 1, { owner: "none", examples: [exampleOf()] }),
    ]);

  test.each<[string, Sample[], number, boolean | null]>([
    ["is a part of a long answer", [row(150, 8000, 90_000), row(300, 400_000, 90_000)], 500_000, true],
    ["is all of a short one", [row(150, 0, 900)], 900, false],
    ["is all of one after which the server has closed", [row(110, 0, 0), closed(150)], 900, false],
    ["is not known without a look in the first pause", [row(300, 8000, 90_000)], 500_000, null],
  ])("%s", (_, looks, receivedBytes, holds) => {
    expect(longer?.test(handMade([...looks, ...slow("ok", { receivedBytes })])).holds).toBe(holds);
  });

  test("is told, because an answer that fits tries nothing", () => {
    expect(longer).toMatchObject({ otherwise: "informational", isTold: true });
  });
});
