import { expect, test } from "vitest";
import { delayedAck } from "./delayed-ack.ts";
import { loadRun } from "./load-run.fixture.ts";
import { type LoadFigures, loadFigures } from "./result.ts";

/** The figures of a load whose medians are these, in milliseconds. */
function figures(firstByte: number, total: number, segmentsPerRequest: number | null): LoadFigures {
  const all = loadFigures(loadRun());
  const times = all.latencyMs.total;
  if (times === null) throw new Error("no times");
  return {
    ...all,
    segmentsPerRequest,
    latencyMs: {
      connect: null,
      firstByte: { ...times, p50: firstByte },
      total: { ...times, p50: total },
    },
  };
}

test("an answer whose rest comes 40 ms after its first byte looks like Nagle's algorithm and a delayed acknowledgement", () => {
  expect(delayedAck(figures(0.2, 41.3, 4))).toMatch(
    /^The rest of an answer came 41 ms after its first byte.* 4\.0 segments.*lastack run nagle-delayed-ack/,
  );
});

test.each([
  ["the server thinks for 40 ms", figures(41, 41.2, 2)],
  ["the rest takes longer", figures(0.2, 60, 4)],
  ["the answer is long", figures(0.2, 41, 40)],
  ["the segments are not known", figures(0.2, 41, null)],
])("it is nothing of the kind if %s", (_, other) => {
  expect(delayedAck(other)).toBeNull();
});
