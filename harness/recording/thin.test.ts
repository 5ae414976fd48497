import { expect, test } from "vitest";
import type { Sample } from "../model/sample.ts";
import {
  at,
  attemptAt,
  countersAt,
  exampleOf,
  group,
  handMade,
  processesAt,
  socketsAt,
} from "./hand-made.fixture.ts";
import { recordingText } from "./line.ts";
import { thin } from "./thin.ts";

const example = exampleOf({ pids: [31] });

function look(ms: number, count: number, phase: "load" | "drain" = "load"): Sample {
  const examples = Array.from({ length: Math.min(count, 20) }, () => ({ ...example, timerMs: ms }));
  return socketsAt(at(ms, phase), "server", [group("CLOSE-WAIT", "listener", count, { examples })]);
}

function times(samples: Sample[]): number[] {
  return samples.filter((sample) => sample.kind !== "end").map((sample) => sample.atUs / 1000);
}

test("in a series of equal looks the first and the last stay, in each phase", () => {
  const samples = [
    look(1, 5),
    look(2, 5),
    look(3, 5),
    look(4, 6),
    look(5, 5),
    look(6, 5),
    look(7, 5, "drain"),
    look(8, 5, "drain"),
    look(9, 5, "drain"),
  ];
  expect(times(thin(handMade(samples)).samples)).toEqual([1, 3, 4, 5, 6, 7, 9]);
});

test("looks are compared by host and kind, without the figures that always change", () => {
  const samples = [1, 2, 3].flatMap((ms) => [
    socketsAt(at(ms), "server", [group("ESTABLISHED", "listener", 1)]),
    socketsAt(at(ms), "client", [group("ESTABLISHED", "connector", ms)]),
    processesAt(at(ms), "server", [{ pid: 31, rssBytes: ms, cpuMs: ms }]),
  ]);
  const kept = thin(handMade(samples)).samples;
  expect(kept.filter((sample) => "host" in sample && sample.host === "client")).toHaveLength(3);
  expect(kept.filter((sample) => sample.kind === "processes")).toHaveLength(2);
  expect(kept.filter((sample) => sample.kind === "sockets")).toHaveLength(5);
});

test("at most three examples stay", () => {
  const [first] = thin(handMade([look(1, 97)])).samples;
  expect(first).toMatchObject({
    groups: [{ count: 97, examples: [{ inode: 7 }, { inode: 7 }, { inode: 7 }] }],
  });
});

test("a recording that is still too large is thinned more, but keeps edges, peaks and attempts", () => {
  const samples: Sample[] = [];
  for (let ms = 1; ms <= 400; ms += 1) {
    samples.push(
      look(ms, ms === 200 ? 997 : ms % 97),
      countersAt(at(ms), "server", { TcpInSegs: ms }),
      attemptAt(at(ms), ms),
    );
  }
  const whole = handMade(samples);
  const thinned = thin(whole, 110_000);
  const bytes = Buffer.byteLength(recordingText(thinned));
  expect(bytes).toBeLessThanOrEqual(110_000);
  const looks = thinned.samples.filter((sample) => sample.kind === "sockets");
  expect(looks[0]?.atUs).toBe(1000);
  expect(looks.at(-1)?.atUs).toBe(400_000);
  expect(Math.max(...looks.map((one) => one.groups[0]?.count ?? 0))).toBe(997);
  expect(thinned.samples.filter((sample) => sample.kind === "counters").map((sample) => sample.atUs)).toEqual(
    [1000, 400_000],
  );
  expect(thinned.samples.filter((sample) => sample.kind === "attempt")).toHaveLength(400);
  expect(thinned.samples.at(-1)).toEqual(whole.samples.at(-1));
});

test("a recording that stays too large is refused, and the error names the largest kind of sample", () => {
  const attempts = Array.from({ length: 997 }, (_, nth) => attemptAt(at(nth), nth + 1));
  expect(() => thin(handMade(attempts), 50_000)).toThrow(
    "most of them are attempt samples, so give its setup a smaller load",
  );
});
