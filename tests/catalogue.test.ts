import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { loadCatalogue } from "../harness/runs/catalogue.ts";
import { differences } from "../harness/runs/difference.ts";
import { packageRoot } from "../harness/lab/paths.ts";
import { PROBES } from "../harness/probes/all.ts";
import type { FailureMode, Variant } from "../harness/model/experiment.ts";
import { referencePath } from "../harness/recording/place.ts";
import { readRecording } from "../harness/recording/read.ts";
import { validateSetup } from "../harness/recording/schema.ts";
import { drawSquare } from "../harness/report/square.ts";
import { judgeVariant } from "../harness/verdict/judge.ts";
import { square, squareFaults } from "../harness/verdict/square.ts";
import { marksFix } from "./mutations/fix.ts";
import { HALF_DONE } from "../scripts/skeleton.ts";

const MOST_REFERENCE_BYTES = 200_000;
/** How many failure modes may be ones that a host cannot tell from a healthy program. */
const MOST_UNTOLD = 8;
/** The sections of an experiment's page, in this order. */
const SECTIONS = ["What happens", "What you see", "Why", "Cure", "In production"];
/** The parts of a setup in which a cure may differ from the bug: programs or sysctls. Observers and phases must be equal. */
const MAY_DIFFER = /^(programs\.[\w-]+\.run|hosts\.\w+\.sysctls\..+)$/;

const folder = (...parts: string[]): string => join(packageRoot, ...parts);
const folders = (name: string): string[] =>
  readdirSync(folder(name), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [entry.name] : [],
  );

const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

const experiments = (await loadCatalogue()).map((entry) => entry.experiment);
const failureModes = experiments.filter(
  (experiment): experiment is FailureMode => experiment.kind === "failure-mode",
);
const variants = experiments.flatMap((experiment) =>
  Object.entries(experiment.variants as Record<string, Variant>).map(([name, variant]) => ({
    experiment,
    name,
    variant,
  })),
);
const named = variants.map((one) => ({ ...one, title: `${one.experiment.id}/${one.name}` }));

test("the catalogue has exactly the experiments of the folders; a probe can have servers, too", () => {
  expect(experiments.length).toBeGreaterThanOrEqual(5);
  expect(experiments.map(({ id }) => id).toSorted()).toEqual(folders("experiments").toSorted());
  const known = new Set([...experiments, ...PROBES].map(({ id }) => id));
  expect(folders("servers").filter((id) => !known.has(id))).toEqual([]);
  expect(folders("results/reference").filter((id) => !known.has(id))).toEqual([]);
});

describe.each(experiments.map((experiment) => ({ id: experiment.id, experiment })))(
  "$id",
  ({ id, experiment }) => {
    test("says what it is", () => {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(experiment.question).toMatch(/\?$/);
      expect(experiment.title.length).toBeGreaterThan(10);
    });

    test("is not half-done", () => {
      const files = [folder("experiments", id), folder("servers", id)].filter(existsSync).flatMap(filesIn);
      const unwritten = files.filter((file) => readFileSync(file, "utf8").includes(HALF_DONE));
      expect(unwritten.map((file) => relative(packageRoot, file))).toEqual([]);
      expect(files.length).toBeGreaterThan(1);
    });

    test("has a complete page", () => {
      const page = readFileSync(folder("experiments", id, "README.md"), "utf8");
      const headings = [...page.matchAll(/^## (.+)$/gm)].map((match) => match[1]);
      expect(headings).toEqual(SECTIONS);
      expect(page).not.toMatch(/half-done|\bTODO\b|\bTBD\b/i);
      expect(page).toMatch(/^\$ .*\bss -/m);
      expect(page).toMatch(/lastack (run|serve) /);
    });

    test("has reference programs of its own, or is a fact that load programs show", () => {
      const variants = Object.values(experiment.variants as Record<string, Variant>);
      const programs = variants.flatMap(({ setup }) => Object.values(setup.programs));
      const own = programs.some(({ run }) =>
        run.some((word) => word.startsWith(`${id}/`) || word.startsWith("{here}/")),
      );
      expect(existsSync(folder("servers", id))).toBe(own);
      expect(own || experiment.kind === "fact").toBe(true);
    });

    test("says in a program's first lines that it calls the kernel, exactly if it does", () => {
      if (!existsSync(folder("servers", id))) return;
      for (const name of readdirSync(folder("servers", id))) {
        const text = readFileSync(folder("servers", id, name), "utf8");
        const head = text.slice(0, text.search(/^(?!\/\/)/m));
        expect(head.includes("harness/kernel"), name).toBe(/from ".*harness\/kernel\//.test(text));
      }
    });
  },
);

describe.each(failureModes.map((experiment) => ({ id: experiment.id, experiment })))(
  "$id",
  ({ id, experiment }) => {
    test("has a symptom, or says why one host shows none, and differs from its cures only in the bug", () => {
      expect(experiment.symptom.length > 0).toBe(experiment.visible?.as !== "no");
      for (const [name, variant] of Object.entries(experiment.variants as Record<string, Variant>)) {
        if (name === "buggy") continue;
        const paths = differences(experiment.variants.buggy.setup, variant.setup);
        expect(paths.length, name).toBeGreaterThan(0);
        for (const path of paths) expect(path, name).toMatch(MAY_DIFFER);
        for (const [program, { run }] of Object.entries(variant.setup.programs)) {
          const other = experiment.variants.buggy.setup.programs[program]?.run ?? [];
          const words = run.filter((word, nth) => word !== other[nth]);
          expect([words.length <= 1, other.length], `${name}: the command of ${program}`).toEqual([
            true,
            run.length,
          ]);
        }
      }
    });

    test("has bug and fix in the same language, and marks the fix in every fixed program, and only there", () => {
      const programs = readdirSync(folder("servers", id));
      for (const name of programs) {
        const text = readFileSync(folder("servers", id, name), "utf8");
        expect(marksFix(text), name).toBe(name.startsWith("fixed"));
      }
      const buggy = programs.find((name) => /^buggy\.\w+$/.test(name));
      expect(buggy, "servers/ID/buggy.ts, buggy.py or the like").toBeDefined();
      expect(programs).toContain(buggy?.replace("buggy", "fixed"));
    });
  },
);

describe.each(named)("$title", ({ experiment, name, variant }) => {
  test("has a valid setup, an expectation, and programs that exist", () => {
    expect(() => validateSetup(variant.setup)).not.toThrow();
    expect(variant.exact.length).toBeGreaterThan(0);
    for (const { run } of Object.values(variant.setup.programs)) {
      for (const word of run.filter((one) => one.startsWith("{here}/")))
        expect(existsSync(folder("servers", experiment.id, word.slice("{here}/".length))), word).toBe(true);
      const [program] = run;
      if (!program.includes("/")) continue;
      const source = program.startsWith("clients/") ? `${program}.ts` : `servers/${program}.ts`;
      expect(existsSync(folder(source)), source).toBe(true);
    }
  });

  test("has a reference recording of exactly this setup, which confirms it", () => {
    const path = referencePath(packageRoot, experiment.id, name);
    expect(existsSync(path), `${path}: npm run record -- ${experiment.id}`).toBe(true);
    expect(statSync(path).size).toBeLessThan(MOST_REFERENCE_BYTES);
    const paths = readFileSync(path, "utf8").match(/"[^"]*\/(home|root|tmp|usr|work|Users)\/[^"]*"/g) ?? [];
    expect(paths, "the recording has paths of this machine, as in a traceback").toEqual([]);
    const recording = readRecording(path);
    expect(
      differences(recording.header.setup, variant.setup),
      "the setup has changed: record it again",
    ).toEqual([]);
    const verdict = judgeVariant(experiment, name, recording);
    const bad = verdict.findings.filter((finding) => finding.outcome !== "confirmed");
    expect(bad.map((finding) => `${finding.outcome}: ${finding.claim} - ${finding.observed}`)).toEqual([]);
    expect(verdict.outcome).toBe("confirmed");
  });
});

test("few failure modes are ones that a host cannot tell from a healthy program", () => {
  const untold = failureModes.filter((mode) => mode.visible !== undefined);
  expect(untold.length, untold.map(({ id }) => id).join(", ")).toBeLessThanOrEqual(MOST_UNTOLD);
});

// Judges every symptom on every recording: the only test whose work grows with the square of the catalogue.
test("the square: a symptom is seen in its own failure mode and in no other", () => {
  const recordings = named.map(({ experiment, name }) =>
    readRecording(referencePath(packageRoot, experiment.id, name)),
  );
  const visible = failureModes.filter((mode) => mode.visible?.as !== "no");
  const cells = square(visible, recordings);
  expect(cells).toHaveLength(visible.length * variants.length);
  console.log(`The square of the reference recordings:\n${drawSquare(cells)}`);
  expect(squareFaults(cells)).toEqual([]);
});
