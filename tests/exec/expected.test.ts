import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CORRECT, EVIL_SERVERS, FOR_CLIENTS } from "../../harness/exec/evil-servers.ts";
import { packageRoot } from "../../harness/lab/paths.ts";
import { COPES } from "./expected/copes.ts";
import { DOES_NOT_COPE } from "./expected/does-not-cope.ts";

test.each(EVIL_SERVERS)("$name has a client that copes and one that does not", ({ name }) => {
  const copes = [...COPES, ...DOES_NOT_COPE]
    .filter(({ server }) => server === `${FOR_CLIENTS}/${name}`)
    .map((one) => one.copes);
  expect(new Set(copes)).toEqual(new Set([true, false]));
});

test("the page has a row for each server, as --list prints it", () => {
  const page = readFileSync(join(packageRoot, "docs/exec.md"), "utf8");
  const rows = page.split("\n").filter((line) => line.startsWith(`| \`${FOR_CLIENTS}/`));
  const known = EVIL_SERVERS.map(
    ({ name, title, copes }) => `| \`${FOR_CLIENTS}/${name}\` | ${title} | ${copes} |`,
  );
  expect(rows).toEqual([expect.stringContaining(`${FOR_CLIENTS}/${CORRECT}`), ...known]);
});
