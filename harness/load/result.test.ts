import { expect, test } from "vitest";
import { busiest } from "./busy.ts";
import { end, group, loadRun, look, PLAN, second } from "./load-run.fixture.ts";
import { loadFigures } from "./result.ts";

test("the figures of a load in which nothing went wrong", () => {
  const figures = loadFigures(loadRun());
  expect(figures).toMatchObject({
    requests: 200,
    seconds: 2,
    perSecond: 100,
    errors: {},
    cancelled: 0,
    socketsUsed: 11,
    perfectSockets: 11,
    segmentsPerRequest: 2,
    latencyMs: { connect: null, total: { p50: 50.015, count: 200 } },
    timeWait: { client: 11, server: 0 },
    timeWaitBefore: { client: 0, server: 0 },
    warmUp: { requests: 100, sockets: 11 },
  });
  expect(figures.generator).toMatchObject({ cpu: 0.27, lagMs: 1, pacingMs: null });
  expect(figures.generator.busy).toBeCloseTo(0.3);
  expect(figures.server?.cpu).toBeCloseTo(0.855);
  expect(figures.server?.busy).toBeCloseTo(0.95);
  expect(figures.perSecondSeries).toMatchObject([
    { second: 1, ok: 100, errors: 0, totalMs: { p50: 50.015 } },
    { second: 2, ok: 100 },
  ]);
  expect(figures.notMeasured).toEqual({
    "latencyMs.connect": "no connection was opened after the warm-up",
    "generator.pacingMs": "without a rate, no request has a due time",
  });
});

test("an attempt that was under way when the load was ended is no error", () => {
  const outcomes = { ok: 200, "response ECANCELED": 7, "response timeout": 2, "connect ECANCELED": 4 };
  const figures = loadFigures(loadRun({ ends: [end({ outcomes })] }));
  expect(figures).toMatchObject({ errors: { "response timeout": 2 }, cancelled: 11, requests: 200 });
});

test("a program that did not finish has the seconds that it reported, and no rate", () => {
  const figures = loadFigures(loadRun({ ends: [] }));
  expect(figures).toMatchObject({ requests: 200, seconds: 2, perSecond: null });
  expect(figures.notMeasured).toMatchObject({
    perSecond: "the load program did not finish",
    "generator.lagMs": "the load program did not finish",
    endedBy: "the load program did not report which end closed first",
  });
});

test("a target elsewhere has no figures of the server, and segments of both directions are counted here", () => {
  const to = { ...PLAN.to, address: "192.0.2.1" };
  const run = loadRun({ plan: { ...PLAN, to } }, { generator: 0.3, server: null });
  const elsewhere = { ...run, surroundings: { ...run.surroundings, bothEndsHere: false } };
  const figures = loadFigures(elsewhere);
  expect(figures).toMatchObject({
    timeWait: { client: 11, server: null },
    server: null,
    segmentsPerRequest: 4,
  });
  expect(figures.notMeasured).toMatchObject({
    server: "192.0.2.1 is not in this network namespace",
    "timeWait.server": "192.0.2.1 is not in this network namespace",
  });
});

test("with failures there are no segments per request, and attempts that never began need no socket", () => {
  const outcomes = { ok: 200, "connect ECONNREFUSED": 100 };
  expect(loadFigures(loadRun({ ends: [end({ outcomes })] })).segmentsPerRequest).toBeNull();
  const few = { outcomes: { ok: 2, "never begun": 90 }, neverBegun: 90 };
  const warmUp = { outcomes: {}, connections: 0 };
  expect(loadFigures(loadRun({ ends: [end({ ...few, warmUp })] })).perfectSockets).toBe(2);
});

test("threads are summed by second, and the empty part after the last whole second is left out", () => {
  const seconds = [
    second(1),
    second(1, { thread: 2 }),
    second(2, { thread: 2 }),
    second(3, { outcomes: {} }),
  ];
  const { perSecondSeries } = loadFigures(loadRun({ seconds, ends: [end(), end({ thread: 2 })] }));
  expect(perSecondSeries.map(({ second: nth, ok }) => [nth, ok])).toEqual([
    [1, 200],
    [2, 100],
  ]);
});

test("threads that were observed less than twice have no busy share", () => {
  const looks = [look(0, []), look(1.5, [group("connector", "ESTABLISHED", 1)])];
  const between = { fromUs: 1e6, toUs: 3e6 };
  expect(busiest(looks, between, ({ generator }) => generator)).toBeNull();
  expect(busiest([...looks, look(2.5, [])], between, ({ server }) => server)?.busy).toBeCloseTo(0.95);
  expect(busiest([...looks, look(2.5, [])], between, () => null)).toBeNull();
});

test("a short load whose program ran on, to see the server close, has the server's time of the measured seconds", () => {
  const idle = [2, 3, 4, 5].map((at) => ({ ...look(1.3, []), monotonicUs: at * 1e6 }));
  const run = loadRun({
    seconds: [1, 2, 3, 4].map((nth) => second(nth)),
    ends: [end({ seconds: 0.3, monotonicUs: 1.3e6 })],
    looks: [1, 1.1, 1.2, 1.3].map((at) => look(at, [])).concat(idle),
  });
  expect(loadFigures(run).server?.busy).toBeCloseTo(0.95);
  // Too few looks in that time: the figure is not known, and never 0.
  const rare = loadFigures({ ...run, looks: run.looks.slice(3) });
  expect(rare.server).toBeNull();
  expect(rare.notMeasured["server"]).toMatch(/could not be observed, or not for long enough|nothing listens/);
});
