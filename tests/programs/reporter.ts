import { join } from "node:path";
import type { TestCase, TestModule, Vitest } from "vitest/node";
import { closedTo } from "./reach.ts";
import { closedLine, isStrict, skipLines, type Skipped } from "./skipped.ts";
import "./needs.ts";

/** Says at the end of a run what was missing; with CI set, makes the run fail for every test that was skipped. */
export default class SkipReporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const isChosenByName = this.#vitest?.config.testNamePattern !== undefined;
    // Those that a pattern on the command line leaves out were not asked for.
    const skipped = modules
      .flatMap((module) => [...module.children.allTests("skipped")].map(skippedOf))
      .filter(({ missing }) => missing.length > 0 || !isChosenByName);
    const strict = isStrict(process.env);
    for (const line of skipLines(skipped, strict)) console.log(line);
    const closed = this.#closed(modules);
    if (closed !== null) console.log(closedLine(closed, strict));
    if (strict && (skipped.length > 0 || closed !== null)) process.exitCode = 1;
  }

  /** Which folder keeps the tests of the lab from being run by an ordinary user, too, when root runs them. */
  #closed(modules: readonly TestModule[]): string | null {
    const hasLab = modules.some(({ project }) => project.name === "lab");
    if (!hasLab || this.#vitest === undefined || process.geteuid?.() !== 0) return null;
    return closedTo([join(this.#vitest.config.root, "dist", "harness"), process.execPath]);
  }
}

function skippedOf(test: TestCase): Skipped {
  return { name: test.fullName, missing: test.meta().missing ?? [] };
}
