import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Recording } from "../model/recording.ts";
import { at, group, handMade, socketsAt } from "../recording/hand-made.fixture.ts";
import { nearestTo, nearSockets, type Wanted } from "./near.ts";
import { type Condition, socketSeries, type Sockets } from "./sockets.ts";

const host = fc.constantFrom("client", "server");
const state = fc.constantFrom("ESTABLISHED", "CLOSE-WAIT", "FIN-WAIT-2");
const side = fc.constantFrom("listener", "connector");
const port = fc.constantFrom(8080, 9090);
const timer = fc.constantFrom("none", "on", "keepalive");
const queue = fc.constantFrom("empty", "holding");
const owner = fc.constantFrom("none", "listener", "process");

const groups = fc.array(
  fc
    .record({ state, side, count: fc.integer({ min: 1, max: 97 }), port, timer, sendQueue: queue, owner })
    .map(({ state: is, side: end, count, ...changes }) => group(is, end, count, changes)),
  { maxLength: 4 },
);
const recordings: fc.Arbitrary<Recording> = fc
  .array(fc.record({ host, groups }), { minLength: 1, maxLength: 5 })
  .map((looks) =>
    // The sum over hosts begins when all of them have been observed.
    handMade([
      socketsAt(at(0), "client", []),
      socketsAt(at(0), "server", []),
      ...looks.map((look, nth) => socketsAt(at(100 + nth * 100), look.host, look.groups)),
    ]),
  );

const oneOrTwo = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | T[]> =>
  fc.oneof(value, fc.uniqueArray(value, { minLength: 1, maxLength: 2 }));
const selectors: fc.Arbitrary<Sockets> = fc.record(
  {
    host,
    state: oneOrTwo(state),
    side,
    port,
    timer: oneOrTwo(timer),
    sendQueue: queue,
    owner: oneOrTwo(owner),
  },
  { requiredKeys: [] },
);

function atLeast(least: number, which: Sockets): Wanted {
  const count: Wanted["count"] = (series) => series.peak?.value ?? 0;
  return { which, count, lacks: (series) => (count(series) >= least ? null : { en: "too few", zh: "太少" }) };
}

function without(which: Sockets, conditions: Condition[]): Sockets {
  return Object.fromEntries(
    Object.entries(which).filter(([name]) => !(conditions as string[]).includes(name)),
  );
}

function subsets<T>([first, ...rest]: T[]): T[][] {
  if (first === undefined) return [[]];
  return subsets(rest).flatMap((some) => [some, [first, ...some]]);
}

function isSeen(recording: Recording, which: Sockets): boolean {
  return (socketSeries(recording, which).peak?.value ?? 0) > 0;
}

describe("sockets near to those that are asked for", () => {
  test("include all sockets, each in one group", () => {
    fc.assert(
      fc.property(recordings, selectors, (recording, { host: _, ...which }) => {
        const near = nearSockets(recording, which).map(({ series }) =>
          series.points.map(({ value }) => value),
        );
        const all = socketSeries(recording, {}).points.map(({ value }) => value);
        expect(all.map((_sum, nth) => near.reduce((sum, values) => sum + (values[nth] ?? 0), 0))).toEqual(
          all,
        );
      }),
    );
  });

  test("are found with a selector of what they show instead", () => {
    fc.assert(
      fc.property(recordings, selectors, (recording, which) => {
        for (const { instead, unmet, series } of nearSockets(recording, which)) {
          expect(Object.keys(instead)).toEqual(unmet);
          expect(series).toEqual(socketSeries(recording, { ...which, ...instead }));
        }
      }),
    );
  });

  test("include no listeners if connections are asked for, and none with an unnamed state or timer", () => {
    const seen = [
      group("LISTEN", "listener", 1),
      group("CLOSE-WAIT", "listener", 2, { timer: "unknown-6" }),
      group("ESTABLISHED", "listener", 3, { state: "unknown-14" }),
    ];
    const recording = handMade([socketsAt(at(0), "server", seen)]);
    const totals = (which: Sockets): number[] =>
      nearSockets(recording, which).map(({ series }) => series.peak?.value ?? 0);
    expect(totals({ state: "CLOSE-WAIT", timer: "none" })).toEqual([]);
    expect(totals({ state: "CLOSE-WAIT" })).toEqual([2]);
    expect(totals({ state: "LISTEN", port: 9090 })).toEqual([1, 2]);
    expect(totals({ port: 9090 })).toEqual([6]);
  });
});

describe("the nearest", () => {
  test("fail the fewest conditions: a selector without fewer conditions would match nothing", () => {
    fc.assert(
      fc.property(recordings, selectors, (recording, which) => {
        const nearest = nearestTo(recording, atLeast(1, which));
        expect(nearest === null).toBe(!isSeen(recording, {}));
        if (nearest === null) return;
        const { unmet, many } = nearest;
        expect(socketSeries(recording, without(which, unmet)).peak?.value).toBeGreaterThanOrEqual(many);
        const asked = Object.keys(which) as Condition[];
        for (const some of subsets(asked).filter(({ length }) => length < unmet.length)) {
          expect(isSeen(recording, without(which, some))).toBe(false);
        }
      }),
    );
  });

  test("fail the fewest conditions, with their number as one condition", () => {
    fc.assert(
      fc.property(recordings, selectors, fc.integer({ min: 1, max: 150 }), (recording, which, least) => {
        const wanted = atLeast(least, which);
        const nearest = nearestTo(recording, wanted);
        const all = nearSockets(recording, which);
        const failed = all.map(({ unmet, series }) => unmet.length + (wanted.lacks(series) === null ? 0 : 1));
        expect(nearest === null).toBe(all.length === 0);
        if (nearest === null) return;
        expect(nearest.unmet.length + (nearest.lack === null ? 0 : 1)).toBe(Math.min(...failed));
      }),
    );
  });

  test("among equals are those in the right state, and then the largest group", () => {
    const look = (...seen: Parameters<typeof group>[]): Recording =>
      handMade([
        socketsAt(
          at(0),
          "server",
          seen.map((one) => group(...one)),
        ),
      ]);
    const which: Sockets = { state: "CLOSE-WAIT", owner: "listener" };
    const found = (recording: Recording): unknown => nearestTo(recording, atLeast(1, which))?.instead;
    const [other, held] = [
      ["ESTABLISHED", "listener", 97] as Parameters<typeof group>,
      ["CLOSE-WAIT", "listener", 3, { owner: "process" }] as Parameters<typeof group>,
    ];
    expect(found(look(other))).toEqual({ state: "ESTABLISHED" });
    expect(found(look(other, held))).toEqual({ owner: "process" });
    expect(found(look(other, held, ["CLOSE-WAIT", "listener", 5, { owner: "shared" }]))).toEqual({
      owner: "shared",
    });
    expect(found(look(held, ["CLOSE-WAIT", "listener", 1]))).toEqual({});
    expect(found(look())).toBeUndefined();
  });
});
