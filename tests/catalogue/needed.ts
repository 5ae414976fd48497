import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../harness/lab/paths.ts";
import type { Setup } from "../../harness/model/setup.ts";
import { PROGRAMS, type NeededProgram } from "../programs/packages.ts";

/** The programs that a trial's sources call, of those that are not installed everywhere. */
export function neededBy({ programs }: Pick<Setup, "programs">): NeededProgram[] {
  const commands = Object.values(programs).map(({ run: [command] }) => command);
  return PROGRAMS.filter((name) =>
    commands.some((command) => command === name || calls(sourceOf(command), name)),
  );
}

/** Whether a source starts processes and contains this name as a whole word. */
export function calls(source: string, name: NeededProgram): boolean {
  return source.includes(`from "node:child_process"`) && source.includes(`"${name}"`);
}

function sourceOf(program: string): string {
  const path = join(packageRoot, program.startsWith("clients/") ? "" : "servers", `${program}.ts`);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
