import type { TestCase, TestModule, Vitest } from "vitest/node";
import { isStrict, skipLines, type Skipped } from "./skipped.ts";
import "./needs.ts";

/** Says at the end of a run which programs were missing; with CI set, makes the run fail for every test that was skipped. */
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
    if (strict && skipped.length > 0) process.exitCode = 1;
  }
}

function skippedOf(test: TestCase): Skipped {
  return { name: test.fullName, missing: test.meta().missing ?? [] };
}
