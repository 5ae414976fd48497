import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { WireFate } from "../model/sample.ts";
import { LogReader, SegmentLog, type LogEntry } from "./log.ts";

const departure = fc.record({
  fate: fc.constantFrom<WireFate>("passed", "dropped", "held", "duplicated", "corrupted", "lost", "cut"),
  sentUs: fc.option(fc.nat()),
});
const arrival = fc
  .record({
    atUs: fc.nat(),
    side: fc.constantFrom<0 | 1>(0, 1),
    rule: fc.integer({ min: -1, max: 100 }),
    bytes: fc.uint8Array({ maxLength: 80 }),
  })
  .map((one) => ({ ...one, length: one.bytes.length }));

test("the reader returns what was logged, with the bytes that were kept", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(arrival, fc.option(departure)), { maxLength: 30 }),
      fc.array(fc.nat(200)),
      (told, cuts) => {
        const log = new SegmentLog({ bytes: 1 << 16, keepBytes: 50, most: 1000 });
        const entries = told.map(([came, left]) => {
          const id = log.arrive(came, left);
          return {
            kind: "arrival",
            id,
            arrival: { ...came, bytes: came.bytes.slice(0, 50) },
            departure: left,
          };
        });
        log.depart(7, { fate: "cut", sentUs: null }, 5);
        const reader = new LogReader();
        const pieces: LogEntry[] = [];
        for (const cut of [...cuts, Number.POSITIVE_INFINITY]) {
          // One piece is sent, and the next piece continues where it ended.
          const piece = log.waiting.slice(0, cut);
          log.forget(piece.length);
          pieces.push(...reader.read(piece));
        }
        const read = pieces.map((entry) =>
          entry.kind === "arrival"
            ? { ...entry, arrival: { ...entry.arrival, bytes: Uint8Array.from(entry.arrival.bytes) } }
            : entry,
        );
        expect(read).toEqual([
          ...entries,
          { kind: "departure", id: 7, departure: { fate: "cut", sentUs: null } },
        ]);
        expect([log.untold, log.waiting.length, log.sinceUs]).toEqual([0, 0, Number.POSITIVE_INFINITY]);
      },
    ),
  );
});

test("segments without room in the buffer, or beyond the maximum, are only counted", () => {
  const came = { atUs: 1, side: 0 as const, rule: -1, length: 60, bytes: new Uint8Array(60) };
  const small = new SegmentLog({ bytes: 190, keepBytes: 60, most: 1000 });
  expect([small.arrive(came, null), small.arrive(came, null), small.arrive(came, null)]).toEqual([1, 2, 0]);
  small.depart(1, { fate: "passed", sentUs: 2 }, 2);
  expect(small.untold).toBe(2);
  expect(new LogReader().read(small.waiting)).toHaveLength(2);
  // Room that `forget` freed is used again, from the front.
  small.forget(100);
  expect(small.arrive(came, null)).toBe(3);
  expect(small.waiting.length).toBe(2 * 92 - 100 + 92);
  const few = new SegmentLog({ bytes: 1 << 16, keepBytes: 60, most: 2 });
  expect([few.arrive(came, null), few.arrive(came, null), few.arrive(came, null)]).toEqual([1, 2, 0]);
  expect(few.untold).toBe(1);
});
