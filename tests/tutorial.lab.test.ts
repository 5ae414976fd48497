import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { packageRoot } from "../harness/lab/paths.ts";
import { codeIn, tableOf } from "../scripts/experiment-page/table.ts";
import { HALF_DONE } from "../scripts/skeleton.ts";
import { needs } from "./programs/needs.ts";
import { projectCopy } from "./tutorial/copy.ts";
import { firstNotPrinted } from "./tutorial/printed.ts";
import { type Step, stepsOf } from "./tutorial/step.ts";

const page = readFileSync(join(packageRoot, "docs/experiment.md"), "utf8");
const steps = stepsOf(page);

/** A limit that only catches a hang: on a quiet machine the longest command takes ten seconds. */
const WITHIN_MS = 600_000;
/** How often a command is tried if the machine is too busy for it, and what it prints then. */
const MOST_TRIES = 5;
const NO_TIME = /too little of the machine's time|^(?:buggy|fixed): inconclusive/m;

let copy: ReturnType<typeof projectCopy>;
beforeAll(() => {
  copy = projectCopy();
});
afterAll(() => copy.remove());

/** Runs a command in a shell without this test's own environment. */
function sh(command: string): { status: number | null; printed: string } {
  const { HOME, PATH } = process.env;
  const env = { HOME, PATH, NO_COLOR: "1", npm_config_update_notifier: "false" };
  const options = { cwd: copy.path, env, encoding: "utf8", timeout: WITHIN_MS } as const;
  const { status, stdout } = spawnSync("sh", ["-c", `{ ${command}\n} 2>&1`], options);
  return { status, printed: stdout };
}

const nameOf = (step: Step): string =>
  step.kind === "command" ? `$ ${step.command}` : `${step.kind} ${step.path}`;

// Each step needs the steps before it. They run in a copy of the project.
describe("the tutorial of docs/experiment.md, followed in a clone", needs("python3"), () => {
  for (const [nth, step] of steps.entries())
    test(`${nth + 1}: ${nameOf(step)}`, { timeout: MOST_TRIES * WITHIN_MS }, () => {
      if (step.kind === "command") return expectPrinted(step);
      const file = join(copy.path, step.path);
      const text = readFileSync(file, "utf8");
      if (step.kind === "write") {
        expect(text, "the skeleton's").toContain(HALF_DONE);
        return writeFileSync(file, step.text);
      }
      expect(text.split(step.from), `${step.path} has these lines once:\n${step.from}`).toHaveLength(2);
      writeFileSync(
        file,
        text.replace(step.from, () => step.to),
      );
    });

  function expectPrinted({ command, shown }: Extract<Step, { kind: "command" }>): void {
    let tries = 0;
    let ran: ReturnType<typeof sh>;
    let missing: string | null;
    do {
      ran = sh(command);
      missing = firstNotPrinted(shown, ran.printed);
      tries += 1;
    } while (missing !== null && NO_TIME.test(ran.printed) && tries < MOST_TRIES);
    expect(missing, ran.printed).toBeNull();
    expect(ran.status === 0, ran.printed).toBe(!shown.some((line) => /^\s*×/.test(line)));
  }

  test("the files that it writes have the project's layout", () => {
    expect(sh("npx oxfmt --check experiments servers").printed).toMatch(
      /All matched files use the correct format/,
    );
  });
});

test.each(
  tableOf(page, "client").map(([name, , options]) => ({ name: codeIn(name)[0], options: codeIn(options) })),
)("$name has the options that its page names", ({ name, options }) => {
  const { stdout } = spawnSync(process.execPath, [join(packageRoot, `dist/${name}.js`), "--help"], {
    encoding: "utf8",
  });
  expect(options).not.toEqual([]);
  for (const option of options) expect(stdout).toMatch(new RegExp(`(?:^| |\\[)${option} `, "m"));
});
