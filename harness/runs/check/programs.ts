import { readdirSync } from "node:fs";
import type { Setup } from "../../model/setup.ts";
import { unknownName } from "../../recording/unknown-name.ts";

/** The folders of the programs: their sources, or in dist what was made of these. */
const CLIENTS = new URL("../../../clients/", import.meta.url);
const SERVERS = new URL("../../../servers/", import.meta.url);
const PROGRAM = /^([\w-]+)\.[jt]s$/;

/** Programs that lastack would have to bring, and does not have: `clients/shrot-tcp`. A file of the user's own is looked up when it is run. */
export function programProblems({ programs }: Setup): string[] {
  const named = Object.entries(programs).filter(([, { run }]) => /^[^./][^/]*\//.test(run[0]));
  if (named.length === 0) return [];
  const known = programNames();
  return named.flatMap(([name, { run }]) => unknownName("program", run[0], known, `programs.${name}.run[0]`));
}

/** The clients and the reference programs that come with lastack, by the names that a setup gives them. */
function programNames(): string[] {
  const ids = readdirSync(SERVERS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [
    ...programsIn(CLIENTS).map((name) => `clients/${name}`),
    ...ids.flatMap(({ name: id }) => programsIn(new URL(`${id}/`, SERVERS)).map((name) => `${id}/${name}`)),
  ];
}

/** Each program is a file of its own. Tests and declarations have two dots in their names. */
function programsIn(folder: URL): string[] {
  return readdirSync(folder).flatMap((file) => PROGRAM.exec(file)?.[1] ?? []);
}
