import { expect, test } from "vitest";
import { unconfirmedLines, verdictsOf } from "./verdicts.ts";

const finding = (claim: string, outcome: string) => ({ claim, because: "", observed: "97", outcome });
const document = JSON.stringify({
  outcome: "refuted",
  experiments: [
    {
      id: "close-wait-leak",
      outcome: "refuted",
      seconds: 7,
      variants: {
        buggy: { outcome: "confirmed", recording: "a.ndjson", findings: [finding("it leaks", "confirmed")] },
        fixed: {
          outcome: "refuted",
          recording: null,
          again: 2,
          findings: [finding("it is quick", "confirmed"), finding("it is cured", "refuted")],
        },
      },
    },
  ],
});

test("verdicts are those of the variants", () => {
  expect(verdictsOf(document).map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    "close-wait-leak/buggy confirmed",
    "close-wait-leak/fixed refuted",
  ]);
});

test("verdicts that are not confirmed are explained by their findings", () => {
  expect(unconfirmedLines(verdictsOf(document))).toEqual([
    "  refuted close-wait-leak/fixed: no recording",
    "    refuted: it is cured - 97",
  ]);
});

test.each([
  ["", /JSON/],
  ["not JSON", /JSON/],
  ["{}", /experiments/],
  [`{"experiments":[{"id":"x","variants":{"buggy":{"outcome":"fine"}}}]}`, /outcome/],
])("%j has no verdicts", (json, why) => {
  expect(() => verdictsOf(json)).toThrow(why);
});
