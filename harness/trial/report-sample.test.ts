import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FAILURE_PHASES } from "../model/sample.ts";
import { parseSample } from "../recording/schema.ts";
import { TrialClock } from "./clock.ts";
import { reportSample } from "./report-sample.ts";

const clock = new TrialClock();
const read = (line: string): ReturnType<typeof reportSample> =>
  reportSample("load", JSON.parse(line) as Record<string, unknown>, clock);

const attempt =
  '"kind":"attempt","monotonicUs":1,"attempt":1,"connection":1,"localPort":null,"connectMs":1,"firstByteMs":2';

describe("a line that a program printed is refused, and quoted, when it", () => {
  test.each([
    ["has no kind", '{"monotonicUs":1}', /without a kind/],
    [
      "has no time",
      '{"kind":"note"}',
      /^a note line without monotonicUs: \{"kind":"note"\}; monotonicUs is a time on CLOCK_MONOTONIC in microseconds/,
    ],
    ["has a time out of range", '{"kind":"note","monotonicUs":1e300}', /monotonicUs is not a valid time/],
    [
      "has an infinite number",
      '{"kind":"note","monotonicUs":1,"n":1e999}',
      /n is not a string, a finite number, true, false or null/,
    ],
    [
      "has a nested object",
      '{"kind":"note","monotonicUs":1,"n":{}}',
      /n is not a string, a finite number, true, false or null/,
    ],
    [
      "is an attempt of infinite length",
      `{${attempt},"totalMs":1e999,"outcome":"ok"}`,
      /^an attempt line whose totalMs is neither a finite number nor null: \{/,
    ],
    [
      "is a failed attempt without a code",
      `{${attempt},"totalMs":3,"outcome":{"phase":"connect","code":"","call":"connect"}}`,
      /^an attempt line whose outcome is not "ok", "never begun" or \{ phase, code, call \}/,
    ],
  ])("%s", (_, line, sentence) => {
    expect(read(line)).toMatch(sentence);
  });
});

test.each(FAILURE_PHASES)("an attempt that failed in the phase %s is accepted", (phase) => {
  const outcome = { phase, code: "ETIMEDOUT", call: "call" };
  expect(read(`{${attempt},"totalMs":3,"outcome":${JSON.stringify(outcome)}}`)).toMatchObject({ outcome });
});

test("an attempt that never began is accepted", () => {
  expect(read(`{${attempt},"totalMs":null,"outcome":"never begun"}`)).toMatchObject({
    outcome: "never begun",
  });
});

test("every line of a program is refused, or becomes a sample that the reader of recordings accepts", () => {
  const figure = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.constant(Number.POSITIVE_INFINITY),
    fc.constant(null),
  );
  const text = fc.oneof(fc.string(), fc.constantFrom("connect", "close", ""));
  const outcome = fc.oneof(
    fc.constantFrom("ok", "never begun", "late"),
    fc.record({ phase: text, code: text, call: text }),
  );
  const said = fc.record(
    {
      kind: fc.oneof(fc.constantFrom("attempt", "note"), text),
      monotonicUs: figure,
      attempt: figure,
      connection: figure,
      localPort: figure,
      connectMs: figure,
      firstByteMs: figure,
      totalMs: figure,
      outcome,
      more: fc.oneof(figure, text),
    },
    { requiredKeys: ["kind", "monotonicUs", "attempt", "connection", "outcome"] },
  );
  fc.assert(
    fc.property(said, (values) => {
      const sample = reportSample("load", values, clock);
      if (typeof sample === "string") return;
      expect(parseSample(JSON.parse(JSON.stringify(sample)))).toEqual({ value: expect.anything() });
    }),
  );
});

const second =
  '"kind":"load","monotonicUs":1,"thread":1,"second":1,"outcomes":{"ok":97},"connections":7,"connect":null,"firstByte":null,"pacing":null';
const whole =
  '"kind":"load-end","monotonicUs":1,"thread":1,"seconds":1.5,"outcomes":{"ok":97},"okInTime":90,"connections":7,"neverBegun":0,"backedOffMs":0,"cpuMs":1.5,"longestLagMs":0,"warmUp":{"outcomes":{},"connections":0}';

describe("a load or load-end line", () => {
  test("is read as it was printed", () => {
    expect(read(`{${second},"total":"HISTF"}`)).toMatchObject({
      kind: "load",
      program: "load",
      second: 1,
      outcomes: { ok: 97 },
      total: "HISTF",
    });
    expect(read(`{${whole},"endedBy":{"clientFin":7,"serverFin":0,"reset":0}}`)).toMatchObject({
      kind: "load-end",
      program: "load",
      okInTime: 90,
      endedBy: { clientFin: 7 },
    });
  });

  test.each([
    ["no total", `{${second}}`, /a load line with a missing or invalid field/],
    [
      "half a request",
      `{${second.replace('"ok":97', '"ok":0.5')},"total":"HISTF"}`,
      /a load line with a missing or invalid field/,
    ],
    ["no endedBy", `{${whole}}`, /a load-end line with a missing or invalid field/],
    [
      "negative seconds",
      `{${whole.replace("1.5", "-1")},"endedBy":null}`,
      /load-end line with a missing or invalid field/,
    ],
    [
      "an outcome without a name",
      `{${whole.replace('"ok"', '""')},"endedBy":null}`,
      /load-end line with a missing or invalid field/,
    ],
  ])("is refused with %s", (_, line, sentence) => {
    expect(read(line)).toMatch(sentence);
  });

  test("is refused, or becomes a sample that the reader of recordings accepts", () => {
    const count = fc.oneof(fc.nat(), fc.constantFrom(-1, 0.5, null));
    const histogram = fc.constantFrom("HISTF", "", null);
    const outcomes = fc.dictionary(fc.constantFrom("ok", "status 5xx", "__proto__", ""), count, {
      maxKeys: 2,
    });
    const endedBy = fc.option(fc.record({ clientFin: count, serverFin: count, reset: count }));
    const said = fc.record(
      {
        kind: fc.constantFrom("load", "load-end"),
        monotonicUs: fc.nat(),
        thread: count,
        second: count,
        outcomes,
        connections: count,
        connect: histogram,
        firstByte: histogram,
        total: histogram,
        pacing: histogram,
        seconds: fc.double({ noNaN: true }),
        okInTime: count,
        neverBegun: count,
        warmUp: fc.record({ outcomes, connections: count }),
        endedBy,
        backedOffMs: count,
        cpuMs: count,
        longestLagMs: count,
      },
      { requiredKeys: ["kind", "monotonicUs", "thread", "connections"] },
    );
    // Hardly any random line is valid. These lines are valid more often.
    const second = { monotonicUs: fc.nat(), thread: fc.nat(), second: fc.nat(), connections: fc.nat() };
    const counts = fc.dictionary(fc.constantFrom("ok", "status 5xx"), fc.nat());
    const times = fc.constantFrom("HISTF", null);
    const sound = fc.record({
      kind: fc.constant("load"),
      ...second,
      outcomes: counts,
      connect: times,
      firstByte: times,
      total: fc.constant("HISTF"),
      pacing: times,
    });
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(said, sound), (values) => {
        const sample = reportSample("load", JSON.parse(JSON.stringify(values)) as typeof values, clock);
        if (typeof sample === "string") return;
        taken += 1;
        expect(parseSample(JSON.parse(JSON.stringify(sample)))).toEqual({ value: sample });
      }),
      { numRuns: 2000 },
    );
    expect(taken).toBeGreaterThan(500);
  });
});
