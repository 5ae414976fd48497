import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LabTrials } from "../harness/trial/lab-trial.fixture.ts";
import { namedIn, wrongIn } from "./attribution/named.ts";
import { PROVOKED } from "./attribution/provoked.ts";

let lab: LabTrials;

beforeAll(() => {
  lab = new LabTrials();
});

afterAll(() => lab.close());

// `npm run soak -- attribution` does each twenty times, also beside busy loops.
describe("every reset and close that is provoked is named", () => {
  test.each(Object.entries(PROVOKED))("%s", async (_, { setup, expected }) => {
    const { recording } = await lab.run(setup);
    expect(wrongIn(namedIn(recording), expected)).toBeNull();
  });
});
