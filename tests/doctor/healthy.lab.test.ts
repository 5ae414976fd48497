import { beforeAll, describe, expect, test } from "vitest";
import { missingOf, needs } from "../programs/needs.ts";
import { healthyFaults, LOADED, QUIET } from "./healthy.ts";
import { inLab } from "./in-lab.ts";
import type { Doctored } from "./place.ts";

const program = "tests/doctor/healthy-scenes.ts";

describe("a quiet healthy host is never accused", () => {
  const can = QUIET.filter((scene) => missingOf(scene.needs).length === 0);
  let results: Record<string, Doctored> = {};
  beforeAll(() => {
    results = inLab(program, ["3", ...can.map(({ name }) => name)]);
  });
  for (const scene of QUIET) {
    const { name } = scene;
    test(name, needs(...scene.needs), () => expect(healthyFaults(scene, results[name])).toEqual([]));
  }
});

describe("a healthy host under load is never accused", () => {
  for (const scene of LOADED) {
    const { name } = scene;
    test(name, needs(...scene.needs), () => {
      const results = inLab<Record<string, Doctored>>(program, ["3", name]);
      expect(healthyFaults(scene, results[name])).toEqual([]);
    });
  }
});
