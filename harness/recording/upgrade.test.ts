import fc from "fast-check";
import { expect, test } from "vitest";
import type { ProgramPlan } from "../model/setup.ts";
import { RECORDING_FORMAT } from "../model/recording.ts";
import { at, countersAt, handMade, plainHeader } from "./hand-made.fixture.ts";
import { parseRecording } from "./read.ts";
import { parseHeader } from "./schema.ts";
import { Seal } from "./seal.ts";
import { FIRST_FORMAT, SECOND_FORMAT, upgradedHeader } from "./upgrade.ts";

/** A program's plan as the first format has it. */
function asBefore({ run: [program, ...args], ...rest }: ProgramPlan): Record<string, unknown> {
  return { ...rest, program, args, env: {} };
}

const header = plainHeader();
const { setup } = header;
const first = {
  ...header,
  format: FIRST_FORMAT,
  setup: {
    ...setup,
    programs: Object.fromEntries(
      Object.entries(setup.programs).map(([name, program]) => [name, asBefore(program)]),
    ),
    phases: setup.phases.map((phase) => ({ withinMs: 2000, ...phase })),
  },
};

test("a header of the first format loses the keys that no setup used", () => {
  expect(parseHeader(first)).toHaveProperty("problems");
  expect(parseHeader(upgradedHeader(first))).toEqual({ value: header });
});

test("a header whose setup uses `env` is refused, and `env` is not dropped", () => {
  const [name, program] = Object.entries(first.setup.programs)[0]!;
  const used = { ...first, setup: { ...first.setup, programs: { [name]: { ...program, env: { A: "1" } } } } };
  expect(parseHeader(upgradedHeader(used))).toHaveProperty("problems");
});

test("a header of the second format differs only in its format's name", () => {
  expect(upgradedHeader({ ...header, format: SECOND_FORMAT })).toEqual(header);
  const bounded = { ...first, format: SECOND_FORMAT };
  expect(parseHeader(upgradedHeader(bounded))).toHaveProperty("problems");
});

/** A recording as a version of lastack wrote it: each line by itself, with seals or without. */
function written(format: string, isSealed: boolean): string {
  const seal = new Seal();
  const { samples } = handMade([countersAt(at(10), "server", { TcpPassiveOpens: 97 })]);
  const values = [{ ...(format === FIRST_FORMAT ? first : header), format }, ...samples];
  return values
    .map((value) => JSON.stringify(value))
    .map((line) => `${isSealed ? seal.add(line) : line}\n`)
    .join("");
}

test.each([
  [FIRST_FORMAT, false],
  [SECOND_FORMAT, false],
  [SECOND_FORMAT, true],
  [RECORDING_FORMAT, true],
])("a recording of %s is read, with seals: %s", (format, isSealed) => {
  const read = parseRecording(written(format, isSealed), "a.ndjson");
  expect(read.header).toEqual(header);
  expect(read.sealed).toBe(isSealed);
});

test("the seals of the second format are checked, and a recording of this format has them", () => {
  const [one, , ...others] = written(SECOND_FORMAT, true).split("\n");
  expect(() => parseRecording([one, ...others].join("\n"), "a.ndjson")).toThrow(/^a\.ndjson line 2: /);
  expect(() => parseRecording(written(RECORDING_FORMAT, false), "a.ndjson")).toThrow(
    /^a\.ndjson line 1: it has no seal, and every line of lastack-recording\/3 has one; the recording is damaged/,
  );
});

test("a value that is not a header is left for the schema to refuse", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (programs, phases) => {
      expect(
        parseHeader(upgradedHeader({ kind: "header", format: FIRST_FORMAT, setup: { programs, phases } })),
      ).toHaveProperty("problems");
      expect(parseHeader(upgradedHeader(programs))).toHaveProperty("problems");
    }),
  );
});
