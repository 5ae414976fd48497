// npm run pages: writes what pages show of the committed recordings, and their tables of experiments. docs/pages.md has the scheme.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../harness/lab/paths.ts";
import { builtPages } from "./pages/page.ts";
import { PageError } from "./pages/page-error.ts";
import { readPages, readSources } from "./pages/project.ts";

/** What was written, in lines: a page, below it each block that was otherwise, and below that what it has lost. */
async function writePages(): Promise<string[]> {
  const pages = readPages();
  const told: string[] = [];
  for (const [path, { text, changed }] of builtPages(pages, await readSources())) {
    if (text === pages.get(path)) continue;
    writeFileSync(join(packageRoot, path), text);
    told.push(path);
    for (const { command, lost } of changed)
      told.push(`  $ ${command}`, ...lost.map((line) => `    no longer printed: ${line.trim()}`));
  }
  return told;
}

try {
  const told = await writePages();
  console.log(told.length === 0 ? "every page is as it should be" : told.join("\n"));
} catch (error) {
  if (!(error instanceof PageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
