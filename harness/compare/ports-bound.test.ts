import { expect, test } from "vitest";
import type { Turn } from "../model/comparison.ts";
import { armOf } from "./figures.ts";
import { planOf, turn } from "./hand-made.fixture.ts";
import { portsBoundSentences } from "./ports-bound.ts";

const arm = (id: number | null, changes: Partial<Turn>, rttMs: number | null = 0) =>
  armOf(planOf(), id, rttMs, [turn(), turn(changes)]);
const slow = { most: 14_462, taken: 14_462, range: 28_232, keptS: 60, slow: true };

test("arms that ports limited are named, with the ports, at each round-trip time", () => {
  expect(
    portsBoundSentences([
      arm(1, { ports: slow }),
      arm(5, { errors: { "connect EADDRNOTAVAIL": 1097 } }),
      arm(null, {}),
      arm(1, { ports: slow }, 1),
    ]),
  ).toEqual([
    "At 0 ms, ports limited short (14,462 of 28,232 ports were taken) and " +
      "5 (1,097 attempts found no free port). From 14,116 on, connect() is slow. Their requests a second and times are not the server's, and nothing is concluded " +
      "from them. Open fewer connections: measure for a shorter time (--duration), or leave this out (--requests-per-connection).",
    expect.stringMatching(
      /^At 1 ms, ports limited short \(14,462 of .*\)\. From 14,116 on, connect\(\) is slow\. Its requests a second and times are not/,
    ),
  ]);
  expect(portsBoundSentences([arm(1, { ports: slow }, null)])).toEqual([
    expect.stringMatching(/^Here, ports limited short/),
  ]);
});

test("nothing is said of arms that had enough ports", () => {
  expect(portsBoundSentences([arm(1, { serverCores: 0.9 }), arm(null, {})])).toEqual([]);
});
