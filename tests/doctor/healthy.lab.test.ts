import { beforeAll, describe, expect, test } from "vitest";
import { missingOf, needs } from "../programs/needs.ts";
import { healthyFaults, LOADED, played, playedAlone, QUIET } from "./healthy.ts";
import { live } from "./live-square.ts";
import { healthyFacts } from "./modes.ts";
import type { Doctored } from "./place.ts";
import { isStarved } from "./unstarved.ts";

/** The default of `lastack doctor --seconds`. */
const SECONDS = 3;

describe("a quiet healthy host", () => {
  let results: Record<string, Doctored> = {};
  beforeAll(() => {
    const can = QUIET.filter((scene) => missingOf(scene.needs).length === 0);
    results = played(can, SECONDS);
  });

  describe.each(QUIET)("$name", (scene) => {
    test("is not accused", needs(...scene.needs), async () => {
      const together = results[scene.name];
      // With all of them at once, a busy machine can have no time for one.
      const doctored = isStarved(together?.document) ? await playedAlone(scene, SECONDS) : together;
      expect(healthyFaults(scene, doctored)).toEqual([]);
    });
  });
});

describe.each(LOADED)("$name", (scene) => {
  test("is not accused", needs(...scene.needs), async () => {
    expect(healthyFaults(scene, await playedAlone(scene, SECONDS))).toEqual([]);
  });
});

// Their other variants: npm run soak -- doctor.
describe.each(await healthyFacts())("$id, a fact of the catalogue", (fact) => {
  test("is not accused", needs("python3"), async () => {
    const [variant] = Object.keys(fact.variants);
    expect(variant).toBeDefined();
    const { faults } = await live({ mode: fact, variant: String(variant), times: 1, who: "own" });
    expect(faults).toEqual([]);
  });
});
