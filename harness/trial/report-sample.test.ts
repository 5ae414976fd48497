import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseSample } from "../recording/schema.ts";
import { TrialClock } from "./clock.ts";
import { reportSample } from "./report-sample.ts";

const clock = new TrialClock();
const read = (line: string): ReturnType<typeof reportSample> =>
  reportSample("load", JSON.parse(line) as Record<string, unknown>, clock);

const attempt =
  '"kind":"attempt","monotonicUs":1,"attempt":1,"connection":1,"localPort":null,"connectMs":1,"firstByteMs":2';

describe("what a program printed is refused, with the line, when it", () => {
  test.each([
    ["has no kind", '{"monotonicUs":1}', /without a kind/],
    ["has no time", '{"kind":"note"}', /without monotonicUs/],
    ["has a time that no clock shows", '{"kind":"note","monotonicUs":1e300}', /monotonicUs is no time/],
    ["has a figure that is none", '{"kind":"note","monotonicUs":1,"n":1e999}', /n is not a plain value/],
    ["is deep", '{"kind":"note","monotonicUs":1,"n":{}}', /n is not a plain value/],
    ["is an attempt without end", `{${attempt},"totalMs":1e999,"outcome":"ok"}`, /an attempt that is none/],
    [
      "fails without a code",
      `{${attempt},"totalMs":3,"outcome":{"phase":"connect","code":"","call":"connect"}}`,
      /an attempt that is none/,
    ],
  ])("%s", (_, line, sentence) => {
    expect(read(line)).toMatch(sentence);
  });
});

test("whatever a program prints is refused, or a line that the reader of recordings takes", () => {
  const figure = fc.oneof(
    fc.double(),
    fc.integer(),
    fc.constant(Number.POSITIVE_INFINITY),
    fc.constant(null),
  );
  const text = fc.oneof(fc.string(), fc.constantFrom("connect", "close", ""));
  const outcome = fc.oneof(fc.constant("ok"), fc.record({ phase: text, code: text, call: text }));
  const said = fc.record(
    {
      ...{ kind: fc.oneof(fc.constantFrom("attempt", "note"), text), monotonicUs: figure },
      ...{ attempt: figure, connection: figure, localPort: figure, connectMs: figure, firstByteMs: figure },
      ...{ totalMs: figure, outcome, more: fc.oneof(figure, text) },
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
