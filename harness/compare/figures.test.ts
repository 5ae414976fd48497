import { describe, expect, test } from "vitest";
import type { Turn } from "../model/comparison.ts";
import { armOf, contrastOf, type Repetition } from "./figures.ts";
import { planOf, turn } from "./hand-made.fixture.ts";

const plan = planOf();
/** Three equal repetitions, except that the machine was half as fast in one of them. */
const repetitions = [1, 1, 2].map((slow): Repetition => ({
  short: turn({
    perSecond: 1000 / slow,
    clientCpuUs: 50 * slow,
    serverCpuUs: 150 * slow,
    segments: 10,
    connectionsEach: 1,
  }),
  "5": turn({
    perSecond: 2500 / slow,
    clientCpuUs: 26 * slow,
    serverCpuUs: 54 * slow,
    segments: 3.6,
    connectionsEach: 0.2,
  }),
  "keep-alive": turn({
    perSecond: 4000 / slow,
    clientCpuUs: 20 * slow,
    serverCpuUs: 30 * slow,
    totalMs: { p50: 0.4, p99: 1 },
  }),
}));

describe("keep-alive beside short connections", () => {
  test("is compared within repetitions, so a slow repetition does not matter", () => {
    expect(contrastOf(plan, 0, repetitions)).toMatchObject({
      rate: { median: 4, low: 4, high: 4 },
      serverCpu: { median: 5 },
      clientCpu: { median: 2.5 },
      dear: "work",
      laterMs: { median: 0.6 },
      // Work: 200 us for short, 80 us with five requests a connection, 50 us for keep-alive. Segments: 10, 3.6 and 2.
      saved: [{ requestsEach: 5, share: { median: 0.8 }, ofSegments: { median: 0.8 } }],
    });
  });

  test("saves time where round trips are waited for", () => {
    const waiting = repetitions.map((one): Repetition => ({
      short: { ...one["short"]!, perSecond: 175 },
      "5": { ...one["5"]!, perSecond: 291 },
      "keep-alive": { ...one["keep-alive"]!, perSecond: 349 },
    }));
    const contrast = contrastOf(plan, 20, waiting);
    expect(contrast).toMatchObject({ dear: "time", rate: { median: 349 / 175 } });
    expect(contrast?.saved[0]?.share.median).toBeCloseTo(0.8, 2);
  });

  test("is null for repetitions that lack one of them", () => {
    expect(
      contrastOf(
        plan,
        0,
        repetitions.map((one) => ({ ...one, short: undefined as never })),
      ),
    ).toBeNull();
  });

  const changed = (id: string, changes: Partial<Turn>): Repetition[] =>
    repetitions.map((one, nth) => (nth === 0 ? { ...one, [id]: { ...one[id]!, ...changes } } : one));
  const slow = { most: 14_462, taken: 14_462, range: 28_232, keptS: 60, slow: true };

  test("is null for rates that ports limited, and for connections that the server did not keep", () => {
    expect(contrastOf(plan, 0, changed("short", { ports: slow }))).toBeNull();
    expect(contrastOf(plan, 0, changed("short", { errors: { "connect EADDRNOTAVAIL": 1 } }))).toBeNull();
    expect(contrastOf(plan, 0, changed("keep-alive", { ports: slow }))).toBeNull();
    expect(contrastOf(plan, 0, changed("5", { ports: slow }))).toMatchObject({
      saved: [],
      rate: { median: 4 },
    });
    expect(contrastOf(plan, null, changed("keep-alive", { closedAfter: 1 }))).toBeNull();
    expect(contrastOf(plan, null, changed("keep-alive", { closedAfter: 100 }))).not.toBeNull();
  });

  test("is made of the medians of the arms, so that the table shows how", () => {
    const uneven = repetitions.map((one, nth): Repetition => ({
      ...one,
      short: { ...one["short"]!, clientCpuUs: [90, 50, 10][nth]!, serverCpuUs: [100, 300, 200][nth]! },
    }));
    // (50 + 200 - 80) / (50 + 200 - 50), with the medians of 26 and 54 us, and of 20 and 30 us.
    expect(contrastOf(plan, 0, uneven)?.saved[0]?.share.median).toBeCloseTo(170 / 200, 9);
  });

  test("has no processor time of a server that was not observed", () => {
    const unseen = repetitions.map((one) => {
      const blind = Object.entries(one).map(([id, figures]) => [id, { ...figures, serverCpuUs: null }]);
      return Object.fromEntries(blind) as Repetition;
    });
    expect(contrastOf(plan, 0, unseen)).toMatchObject({ serverCpu: null, rate: { median: 4 }, saved: [] });
  });
});

test("an arm has the median of its repetitions, the maximum of its sockets, and the sum of its errors", () => {
  const turns = [1, 2, 3].map((nth) =>
    turn({
      perSecond: nth * 100,
      timeWait: { client: nth, server: 0 },
      errors: { "connect ETIMEDOUT": nth },
    }),
  );
  expect(armOf(plan, 5, 0, turns)).toMatchObject({
    id: "5",
    repetitions: 3,
    perSecond: { median: 200, low: 100, high: 300 },
    timeWait: { client: 3, server: 0 },
    errors: { "connect ETIMEDOUT": 6 },
    connectMs: null,
    unseen: { connectMs: expect.stringContaining("no connection was opened") as string },
  });
});
