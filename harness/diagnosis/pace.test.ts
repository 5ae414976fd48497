import { describe, expect, test } from "vitest";
import { diagnose } from "./diagnose.ts";
import { closeWait, examination, exhaustion, family, leak, patient, resets } from "./hand-made.fixture.ts";
import { everyMs, lackOf, type LookTime, pauseMs } from "./pace.ts";

const EVERY = everyMs(3);

/** Looks that began at these times. Each took 20 ms of processor time. */
function looksAt(began: number[], changes: (nth: number) => Partial<LookTime> = () => ({})): LookTime[] {
  return began.map((beganMs, nth) => ({
    beganMs,
    tookMs: 20,
    cpuBeforeMs: 1000 + 20 * nth,
    cpuMs: 20,
    waitedMs: 0,
    suspendedMs: 0,
    ...changes(nth),
  }));
}

describe("looks that may have missed something", () => {
  const inTime = [0, 200, 400, 600, 800, 1000];

  test("are not those that came as planned, nor a little late, as on a busy machine", () => {
    expect(lackOf(looksAt(inTime), EVERY)).toBeNull();
    expect(lackOf(looksAt([0, 550, 1100, 2000, 2400, 3000]), EVERY)).toBeNull();
  });

  test("are those of a machine that gave no processor to the one that was due", () => {
    const starved = looksAt([0, 200, 400, 2600, 2800, 3000], (nth) => ({ waitedMs: nth < 3 ? 7 : 1907 }));
    expect(lackOf(starved, EVERY)).toBe(
      "the machine is starved: a sample came 2.00 s late, because lastack was ready to run and had no processor for 1.90 s of 3.02 s",
    );
  });

  test("are those of a stopped lastack; the kernel counts no wait there, or counts none at all", () => {
    const began = [0, 200, 400, 2600, 2800, 3000];
    for (const waitedMs of [0, null])
      expect(
        lackOf(
          looksAt(began, () => ({ waitedMs })),
          EVERY,
        ),
      ).toBe(
        "the machine is starved: a sample came 2.00 s late, because lastack was stopped, or the machine gave it no time",
      );
  });

  test("is the last one, when it took long without a processor", () => {
    const long = looksAt(inTime, (nth) => (nth === 5 ? { tookMs: 1900, waitedMs: 1880 } : {}));
    expect(lackOf(long, EVERY)).toContain("a sample came 1.88 s late");
  });

  test("are not those of a large host, where a look takes long by itself and the next one is planned later", () => {
    const large = { tookMs: 400, cpuMs: 400 };
    const pause = pauseMs({ ...(looksAt([0])[0] as LookTime), ...large }, EVERY);
    const began = [0, 1, 2].map((nth) => nth * (400 + pause));
    expect(
      lackOf(
        looksAt(began, (nth) => ({ ...large, cpuBeforeMs: 400 * nth })),
        EVERY,
      ),
    ).toBeNull();
  });

  test("are not those between which the doctor itself judged", () => {
    const judged = looksAt([0, 1000, 2000], (nth) => ({ cpuBeforeMs: 1000 * nth }));
    expect(lackOf(judged, EVERY)).toBeNull();
  });

  test("are those around a suspension", () => {
    const suspended = looksAt(inTime, (nth) => ({ suspendedMs: nth < 3 ? 0 : 5000 }));
    expect(lackOf(suspended, EVERY)).toBe("the machine was suspended for 5.00 s");
  });
});

test("on a starved machine nothing is ruled out, and what is said of every sample is not found", () => {
  const lack = "the machine is starved";
  const looked = examination([patient(family(7, "server", [8080]), [closeWait(97)])], { lack });
  const { found, ruledOut, undecided } = diagnose([leak, exhaustion, resets], looked, {
    port: null,
    pid: null,
  });
  // Too many at a time is seen, whatever was missed.
  expect(found.map(({ mode }) => mode.id)).toEqual(["exhaustion"]);
  expect(ruledOut).toEqual([]);
  expect(undecided.map(({ mode, because }) => [mode.id, because])).toEqual([
    ["leak", expect.stringMatching(/^97 CLOSE-WAIT sockets .*; but the machine is starved$/)],
    ["resets", lack],
  ]);
});
