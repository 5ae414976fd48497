import { constants } from "node:os";
import { describe, expect, test } from "vitest";
import { diagnose } from "../harness/diagnosis/diagnose.ts";
import { KNOBS } from "../harness/diagnosis/examine.ts";
import { examination, family } from "../harness/diagnosis/hand-made.fixture.ts";
import { STATEMENTS } from "../harness/claims/statements.ts";
import { packageRoot } from "../harness/lab/paths.ts";
import { recordedSysctls } from "../harness/lab/sysctl.ts";
import { hosts } from "../harness/measure/evidence.ts";
import { view } from "../harness/measure/view.ts";
import { alike, isRow } from "../harness/model/alike.ts";
import type { FailureMode, Variant } from "../harness/model/experiment.ts";
import { POPULAR_ADVICE, type PopularAdvice, popularAdvice } from "../harness/model/popular-advice.ts";
import { ROWS } from "../harness/model/sight.ts";
import { referencePath } from "../harness/recording/place.ts";
import { readRecording } from "../harness/recording/read.ts";
import { reportDiagnosis } from "../harness/report/doctor.ts";
import { loadCatalogue } from "../harness/runs/catalogue.ts";
import { judge } from "../harness/verdict/judge.ts";

/** A finding is read in a terminal, in an emergency. */
const COLUMNS = 80;
const MOST_LINES = 30;
const USUAL_LINES = 23;
/** With its name, a reason should fit on two lines of a finding. */
const LONGEST_REASON = 90;

const HAN = /\p{Script=Han}/u;

const experiments = (await loadCatalogue()).map(({ experiment }) => experiment);
const modes = experiments.filter((one): one is FailureMode => one.kind === "failure-mode");
const signed = experiments.filter(({ signs }) => signs !== undefined);
const ids = new Set(experiments.map(({ id }) => id));

test("every failure mode says how it is recognised, and has advice", () => {
  expect(
    modes.filter(({ signs, advice }) => signs === undefined || advice === undefined).map(({ id }) => id),
  ).toEqual([]);
});

test("every row of the field guide has a failure mode, and no two experiments the same mark", () => {
  const seen = new Set(modes.flatMap(({ signs }) => signs?.seen ?? []));
  expect(Object.keys(ROWS).filter((row) => !(seen as Set<string>).has(row))).toEqual([]);
  const marks = signed.map(({ signs }) => signs?.mark.en);
  expect(marks.length).toBe(new Set(marks).size);
});

test("a fact has signs only where it looks like a failure mode", () => {
  const facts = signed.filter(({ kind }) => kind === "fact");
  expect(facts.length).toBeGreaterThan(5);
  expect(facts.filter((fact) => alike(fact, modes).length === 0).map(({ id }) => id)).toEqual([]);
});

describe.each(signed.map((experiment) => ({ id: experiment.id, experiment })))("$id", ({ experiment }) => {
  const { signs } = experiment;

  test("is seen in rows, or in errors and counters that exist", () => {
    const others = (signs?.seen ?? []).filter((sight) => !isRow(sight));
    const errors = others.filter((sight) => sight.startsWith("E"));
    expect(errors.filter((name) => !(name in constants.errno))).toEqual([]);
    expect(others.filter((sight) => !/^E[A-Z]+$|^Tcp[A-Z]\w+$/.test(sight))).toEqual([]);
    expect(new Set(signs?.seen).size).toBe(signs?.seen.length);
  });

  test("has its texts in both languages", () => {
    for (const zh of [signs?.zh ?? "", signs?.mark.zh ?? ""]) expect(zh).toMatch(HAN);
    expect(signs?.mark.en).not.toMatch(/\.$/);
    if (experiment.kind === "failure-mode" && experiment.visible !== undefined)
      expect(experiment.visible.zh).toMatch(HAN);
  });
});

describe.each(modes.map((mode) => ({ id: mode.id, mode })))("$id", ({ mode }) => {
  const variants = mode.variants as Record<string, Variant>;
  const cures = mode.advice?.cures ?? [];

  test("has every counter of its symptom that must move among its signs", () => {
    const moved = mode.symptom
      .filter(({ claim }) => /rises by/.test(claim))
      .flatMap(({ given }) => (given?.["counter"] as { counter?: string } | undefined)?.counter ?? []);
    expect(moved.filter((name) => !(mode.signs?.seen as string[] | undefined)?.includes(name))).toEqual([]);
  });

  test("has cures that its variants try, those of the kernel among them", () => {
    expect(cures.filter(({ tried }) => tried !== undefined && !(tried in variants))).toEqual([]);
    const ofKernel = cures.flatMap(({ layer, tried }) => (layer === "program" ? [] : (tried ?? [])));
    const programs = ({ setup }: Variant): string =>
      JSON.stringify(Object.values(setup.programs).map(({ run }) => run));
    const onlySysctls = Object.keys(variants).filter(
      (name) =>
        name.startsWith("fixed") && programs(variants[name] as Variant) === programs(mode.variants.buggy),
    );
    expect(onlySysctls.filter((name) => !(ofKernel as string[]).includes(name))).toEqual([]);
  });

  test("names only sysctls that the doctor reads", () => {
    const named = cures.flatMap(({ knob }) => (typeof knob === "object" ? [knob.sysctl] : []));
    const read = recordedSysctls(KNOBS);
    expect(named.filter((name) => !read.includes(name))).toEqual([]);
  });
});

describe("popular advice", () => {
  const names = Object.keys(POPULAR_ADVICE) as PopularAdvice[];
  const claims = new Set<string>(STATEMENTS.map(({ id }) => id));

  test.each(names)(
    "%s is short, in both languages, and shown by a claim or an experiment that exists",
    (name) => {
      const { name: title, why, shown } = popularAdvice(name);
      expect(why.en.length).toBeLessThanOrEqual(LONGEST_REASON);
      expect(why.zh).toMatch(HAN);
      expect(`${title.zh}${why.zh}`).toMatch(HAN);
      if (shown !== undefined) expect(claims.has(shown) || ids.has(shown), shown).toBe(true);
    },
  );
});

describe("a finding on its own recording", () => {
  const printed = modes
    .filter(({ visible }) => visible === undefined)
    .map((mode) => {
      const recording = readRecording(referencePath(packageRoot, mode.id, "buggy"));
      const views = hosts(recording).map((host) => view(recording, host));
      const shown = views.find((one) => judge(mode.symptom, one).outcome === "confirmed");
      const looked = examination(
        shown === undefined ? [] : [{ subject: family(7, "server"), view: shown, pids: new Set([7]) }],
      );
      // Counters are everybody's: in the laboratory, this host's.
      const there = shown === undefined ? looked : { ...looked, whole: { ...looked.whole, view: shown } };
      const diagnosis = diagnose(experiments, there, { port: null, pid: null });
      const found = diagnosis.found.filter((one) => one.mode === mode);
      const text = reportDiagnosis({ ...diagnosis, found }, there, { colour: false, columns: COLUMNS });
      return { id: mode.id, found, lines: text.split("\n\n")[1]?.split("\n") ?? [] };
    });

  test.each(printed)("$id is found, and fits a terminal", ({ id, found, lines }) => {
    expect(found).toHaveLength(1);
    expect(lines[0]).toContain(`✗ ${id}`);
    expect(lines.filter((line) => line.length > COLUMNS)).toEqual([]);
    expect(lines.length, lines.join("\n")).toBeLessThanOrEqual(MOST_LINES);
  });

  test("is short as a rule", () => {
    const lengths = printed.map(({ lines }) => lines.length).toSorted((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)], lengths.join(" ")).toBeLessThanOrEqual(USUAL_LINES);
  });

  test("names what else was ruled out, where something looks alike", () => {
    const without = printed.filter(({ found }) => found[0]?.advice.alternatives.length === 0);
    expect(without.length).toBeLessThan(printed.length / 3);
  });
});
