import { isInstalled } from "./installed.ts";
import { PROGRAMS, type NeededProgram } from "./packages.ts";

declare module "vitest" {
  interface TaskMeta {
    /** The missing programs because of which a test is skipped. */
    missing?: NeededProgram[];
  }
}

const SYSTEM_PROGRAMS: readonly NeededProgram[] = ["haproxy", "lighttpd", "nft", "nginx"];

/** The programs that are not installed, each once, in the order of the table. `path` is a PATH. */
export function missingOf(
  programs: readonly NeededProgram[],
  path = process.env["PATH"] ?? "",
): NeededProgram[] {
  const isThere = (program: NeededProgram): boolean =>
    isInstalled(program, { isOfSystem: SYSTEM_PROGRAMS.includes(program), path });
  return PROGRAMS.filter((program) => programs.includes(program) && !isThere(program));
}

/**
 * The options of a test, or a group of tests, that calls these programs. It is skipped if one of them is not installed, and the end of the
 * run says what to install (reporter.ts).
 */
export function needs(...programs: NeededProgram[]): { skip?: true; meta?: { missing: NeededProgram[] } } {
  const missing = missingOf(programs);
  return missing.length === 0 ? {} : { skip: true, meta: { missing } };
}
