import { beforeAll, describe, expect, test } from "vitest";
import { needs, missingOf } from "../programs/needs.ts";
import { healthyFaults, ODD_ONES } from "./healthy.ts";
import { inLab } from "./in-lab.ts";
import type { Doctored } from "./place.ts";

/** The default of `lastack doctor --seconds`. */
const SECONDS = "3";
/** Some of them load the machine, so a few play at once. */
const AT_ONCE = 7;

/** The scenes by what plays together. */
const groups = ODD_ONES.flatMap((_, nth) =>
  nth % AT_ONCE === 0 ? [{ scenes: ODD_ONES.slice(nth, nth + AT_ONCE) }] : [],
);

describe.each(groups)("healthy programs that look odd", ({ scenes }) => {
  let results: Record<string, Doctored> = {};
  beforeAll(() => {
    if (missingOf(["python3"]).length > 0) return;
    const names = scenes.map(({ name }) => name);
    results = inLab("tests/fixtures/doctor/healthy-scenes.ts", [SECONDS, ...names]);
  });

  test.each(scenes)("$name is not accused", needs("python3"), (scene) => {
    expect(healthyFaults(scene, results[scene.name])).toEqual([]);
  });
});
