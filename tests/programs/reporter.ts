import { join } from "node:path";
import type { TestCase, TestModule, Vitest } from "vitest/node";
import { closedTo } from "./reach.ts";
import { closedLine, isStrict, skipLines, type Skipped } from "./skipped.ts";
import "./needs.ts";

/** Prints at the end of a run what was missing. With CI set, every skipped test makes the run fail. */
export default class SkipReporter {
  #vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.#vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const isChosenByName = this.#vitest?.config.testNamePattern !== undefined;
    // Tests that a pattern on the command line leaves out were not requested.
    const skipped = modules
      .flatMap((module) => [...module.children.allTests("skipped")].map(skippedOf))
      .filter(({ missing }) => missing.length > 0 || !isChosenByName);
    const strict = isStrict(process.env);
    for (const line of skipLines(skipped, strict)) console.log(line);
    const closed = this.#closed(modules);
    if (closed !== null) console.log(closedLine(closed, strict));
    if (strict && (skipped.length > 0 || closed !== null)) process.exitCode = 1;
  }

  /** The folder because of which root cannot also run the tests of the lab as an ordinary user. */
  #closed(modules: readonly TestModule[]): string | null {
    const hasLab = modules.some(({ project }) => project.name.startsWith("lab"));
    if (!hasLab || this.#vitest === undefined || process.geteuid?.() !== 0) return null;
    return closedTo([join(this.#vitest.config.root, "dist", "harness"), process.execPath]);
  }
}

function skippedOf(test: TestCase): Skipped {
  return { name: test.fullName, missing: test.meta().missing ?? [] };
}
