import { beforeAll, describe, expect, test } from "vitest";
import { missingOf, needs } from "../programs/needs.ts";
import { type HealthyScene, LOADED, QUIET } from "./healthy.ts";
import { inLab } from "./in-lab.ts";
import type { Doctored } from "./place.ts";

const program = "tests/doctor/healthy-scenes.ts";

function judge(
  { name, remarks }: HealthyScene,
  doctored: (Doctored & { failed?: string }) | undefined,
): void {
  expect(doctored?.failed).toBeUndefined();
  const { status, document, stderr } = doctored ?? {};
  expect(document, stderr).not.toBeNull();
  expect(document?.findings, name).toEqual([]);
  expect(document?.undecided, name).toEqual([]);
  expect(document?.examined.length).toBeGreaterThan(0);
  expect(document?.remarks.map(({ mode }) => mode).filter((mode) => !remarks.includes(mode))).toEqual([]);
  expect(status).toBe(0);
}

describe("a quiet healthy host is never accused", () => {
  const can = QUIET.filter((scene) => missingOf(scene.needs).length === 0);
  let results: Record<string, Doctored> = {};
  beforeAll(() => {
    results = inLab(program, ["3", ...can.map(({ name }) => name)]);
  });
  for (const scene of QUIET) {
    test(scene.name, needs(...scene.needs), () => judge(scene, results[scene.name]));
  }
});

describe("a healthy host under load is never accused", () => {
  for (const scene of LOADED) {
    test(scene.name, needs(...scene.needs), () => {
      judge(scene, inLab<Record<string, Doctored>>(program, ["3", scene.name])[scene.name]);
    });
  }
});
