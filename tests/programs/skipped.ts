import { installs, PROGRAMS, type NeededProgram } from "./packages.ts";

/** A test that was not run, and the programs for want of which; none when it was left out for another reason. */
export interface Skipped {
  name: string;
  missing: readonly NeededProgram[];
}

/** Whether the environment says that this is no machine of somebody's own, but one that has to run every test. */
export function isStrict({ CI }: NodeJS.ProcessEnv): boolean {
  return CI !== undefined && !["", "0", "false"].includes(CI.toLowerCase());
}

/**
 * What the end of a run says: a line for each missing program, with the number of tests that were skipped for it and the command
 * that installs it; a test that lacks two stands in both. Where skipping is not allowed, those left out for other reasons have a
 * line each, and the last line says that all of them are failures.
 */
export function skipLines(skipped: readonly Skipped[], strict: boolean): string[] {
  const lines = PROGRAMS.flatMap((program) => {
    const count = skipped.filter(({ missing }) => missing.includes(program)).length;
    if (count === 0) return [];
    return [`${testsWere(count)} skipped, because ${program} is not installed: ${installs(program)}`];
  });
  if (!strict || skipped.length === 0) return lines;
  const others = skipped.filter(({ missing }) => missing.length === 0);
  return [
    ...lines,
    ...others.map(({ name }) => `skipped: ${name}`),
    `${testsWere(skipped.length)} skipped, and with CI set that is a failure`,
  ];
}

/** What the end of a run says where `folder` keeps everybody but root from the project. */
export function closedLine(folder: string, strict: boolean): string {
  const line = `nothing was tried as an ordinary user, because nobody but root may enter ${folder}: move the project`;
  return strict ? `${line}; with CI set that is a failure` : line;
}

function testsWere(count: number): string {
  return count === 1 ? "1 test was" : `${count} tests were`;
}
