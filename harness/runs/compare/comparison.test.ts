import { expect, test } from "vitest";
import { planOf, toldAt } from "../../compare/hand-made.fixture.ts";
import { sentencesOf } from "../../compare/sentences.ts";
import { at, group, handMade, plainHeader, socketsAt } from "../../recording/hand-made.fixture.ts";
import { comparisonOf } from "./comparison.ts";
import type { Ran } from "./piece.ts";

const plan = planOf({ arms: [1, null], repetitions: 2 });
const sysctls = { "client-short": { "net.ipv4.ip_local_port_range": "32768\t60999" } };

/** A repetition in which the client of short connections had so many of them in TIME-WAIT at the end. */
function ranWith(timeWait: number, repetition: number): Ran {
  const samples = [
    ...toldAt(2000, "client-short", 400),
    socketsAt(at(2100), "client-short", [group("TIME-WAIT", "connector", timeWait)]),
    ...toldAt(2500, "client-keep-alive", 4000, { connections: 7 }),
  ];
  return { piece: { rttMs: 0, repetition }, recording: handMade(samples, plainHeader({ sysctls })) };
}

/** A comparison of two such repetitions: its faults without those of idle connections, and its sentences. */
function compared(...timeWaits: number[]): { faults: string[]; sentences: string } {
  const comparison = comparisonOf(
    plan,
    timeWaits.map((count, nth) => ranWith(count, nth + 1)),
  );
  const faults = comparison.faults.filter((fault) => !fault.includes("idle"));
  return { faults, sentences: sentencesOf(comparison).join("\n") };
}

test("an arm that took half of the ports in a repetition is limited by them, and compared with no other", () => {
  const { faults, sentences } = compared(14_000, 14_116);
  expect(faults).toEqual([
    expect.stringMatching(
      /^At 0 ms, ports limited short \(14,116 of 28,232 ports were taken\)\. From 14,116 on/,
    ),
  ]);
  expect(sentences).toMatch(/At 0 ms, short is limited by ports \(14,116 of 28,232 ports were taken\)/);
  expect(sentences).not.toMatch(/keep-alive serves/);
});

test("an arm that took fewer is compared", () => {
  const { faults, sentences } = compared(14_000, 14_115);
  expect(faults).toEqual([]);
  expect(sentences).toMatch(/At 0 ms, keep-alive serves 10 times/);
});
