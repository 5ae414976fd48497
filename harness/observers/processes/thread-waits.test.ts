import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readThreadWaits, waitOf } from "./thread-waits.ts";

const letter = fc.constantFrom("R", "S", "D", "T", "t", "Z", "X", "I");
const symbol = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_.]{0,40}$/);

describe("what a thread does, from its wchan and its state", () => {
  test("a name is the function in which it sleeps, whatever the letter says", () => {
    fc.assert(
      fc.property(symbol, letter, (name, state) => {
        expect(waitOf(name, state)).toBe(name);
        expect(waitOf(`${name}\n`, state)).toBe(name);
      }),
    );
  });

  test("without a name, or with an address, only the state tells a thread that runs from one that may not be read", () => {
    const nameless = fc.oneof(fc.constantFrom("0", "0\n", ""), fc.nat().map(String));
    fc.assert(
      fc.property(nameless, letter, (wchan, state) => {
        const expected = state === "R" ? "running" : "ZX".includes(state) ? "ended" : "unknown";
        expect(waitOf(wchan, state)).toBe(expected);
      }),
    );
  });
});

describe("the threads of a live process", () => {
  test("of this one some thread runs, the one that reads, and all are counted", () => {
    const waits = readThreadWaits(process.pid);
    // A test can run in a thread that is not the main one.
    expect([waits?.main, ...Object.keys(waits?.others ?? {})]).toContain("running");
    const read = Object.values(waits?.others ?? {}).reduce((sum, count) => sum + count, 1);
    expect([waits?.threads, read]).toEqual([read, read]);
    expect(read).toBeGreaterThan(4);
  });

  test("no more are read than asked for, and the main one is always read", () => {
    for (const most of [-1, 0, 1]) expect(readThreadWaits(process.pid, most)?.others).toEqual({});
    const three = readThreadWaits(process.pid, 3);
    expect(Object.values(three?.others ?? {}).reduce((sum, count) => sum + count, 0)).toBe(2);
    expect(three?.threads).toBeGreaterThan(4);
  });

  test("a process that is not there", () => {
    expect(readThreadWaits(4_194_304)).toBeUndefined();
  });
});
