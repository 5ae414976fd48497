import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../harness/lab/paths.ts";
import type { Setup } from "../../harness/model/setup.ts";
import { PROGRAMS, type NeededProgram } from "../programs/packages.ts";

/** What the programs of a trial call that is not installed everywhere, read from their sources. */
export function neededBy({ programs }: Pick<Setup, "programs">): NeededProgram[] {
  const commands = Object.values(programs).map(({ run: [command] }) => command);
  return PROGRAMS.filter((name) =>
    commands.some((command) => command === name || calls(sourceOf(command), name)),
  );
}

/** Whether a source that starts processes has this name as a word of its own. */
export function calls(source: string, name: NeededProgram): boolean {
  return source.includes(`from "node:child_process"`) && source.includes(`"${name}"`);
}

function sourceOf(program: string): string {
  const path = join(packageRoot, program.startsWith("clients/") ? "" : "servers", `${program}.ts`);
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
