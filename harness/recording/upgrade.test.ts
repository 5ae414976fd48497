import fc from "fast-check";
import { expect, test } from "vitest";
import type { ProgramPlan } from "../model/setup.ts";
import { plainHeader } from "./hand-made.fixture.ts";
import { parseHeader } from "./schema.ts";
import { FIRST_FORMAT, upgradedHeader } from "./upgrade.ts";

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

test("a value that is not a header is left for the schema to refuse", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (programs, phases) => {
      expect(parseHeader(upgradedHeader({ kind: "header", setup: { programs, phases } }))).toHaveProperty(
        "problems",
      );
      expect(parseHeader(upgradedHeader(programs))).toHaveProperty("problems");
    }),
  );
});
