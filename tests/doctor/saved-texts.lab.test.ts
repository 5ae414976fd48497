import { describe, expect, test } from "vitest";
import { needs } from "../programs/needs.ts";
import { LOADED } from "./healthy.ts";
import { liveModes } from "./modes.ts";
import { FORMS, type Form, judged, namedAs } from "./saved-texts.ts";
import { pairsOf } from "./shot.ts";
import { healthyShotsOf, shotsOf } from "./taken-shots.ts";

// A sample of what saved-texts.test.ts judges, with the ss, nstat and netstat of this machine. All of it: npm run soak -- doctor.

const SAMPLE = ["close-wait-leak", "fin-wait-2-pileup"];
const SCENE = "500 short connections a second";
const modes = await liveModes();

describe(
  "the doctor names the mode from what ss and nstat print here",
  needs("ss", "nstat", "netstat"),
  () => {
    test.each(SAMPLE)("%s", (id) => {
      const mode = modes.find((one) => one.id === id);
      const pairs = mode === undefined ? [] : pairsOf(shotsOf(mode));
      const isNamed = (form: Form): boolean =>
        mode !== undefined && pairs.some((pair) => namedAs(mode, judged(modes, pair, form)) !== null);
      expect(pairs.length).toBeGreaterThan(0);
      expect([isNamed("two ss -tanoiemp, two nstat -az"), isNamed("one ss -tan")]).toEqual([true, true]);
    });

    test(`${SCENE} are not accused, in any form`, () => {
      expect(LOADED.map(({ name }) => name)).toContain(SCENE);
      const pairs = pairsOf(healthyShotsOf([SCENE], 3).get(SCENE) ?? []);
      expect(pairs.length).toBeGreaterThan(0);
      for (const form of Object.keys(FORMS) as Form[]) {
        for (const pair of pairs.slice(0, 7)) expect(judged(modes, pair, form).found).toEqual([]);
      }
    });
  },
);
