import { installs, PROGRAMS, type NeededProgram } from "./packages.ts";

/** A test that was not run, and the missing programs because of which; none if it was left out for another reason. */
export interface Skipped {
  name: string;
  missing: readonly NeededProgram[];
}

/** Whether the environment says that this machine must run every test, unlike a user's own machine. */
export function isStrict({ CI }: NodeJS.ProcessEnv): boolean {
  return CI !== undefined && !["", "0", "false"].includes(CI.toLowerCase());
}

/**
 * The lines at the end of a run: a line for each missing program, with the number of tests that were skipped because of it and the command
 * that installs it. A test that lacks two programs counts in both lines. If skipping is not allowed, each test that was left out for
 * another reason has a line, and the last line says that all of them are failures.
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

/** The line at the end of a run if nobody but root may enter `folder`, which contains the project. */
export function closedLine(folder: string, strict: boolean): string {
  const line = `nothing was tested as an ordinary user, because only root may enter ${folder}: move the project`;
  return strict ? `${line}; with CI set that is a failure` : line;
}

function testsWere(count: number): string {
  return count === 1 ? "1 test was" : `${count} tests were`;
}
