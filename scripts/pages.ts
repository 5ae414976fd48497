// npm run pages: writes the outputs that pages show of committed recordings, the tables of experiments, and the alerting rules. docs/pages.md
// describes it.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../harness/lab/paths.ts";
import { ALERTS, builtAlerts } from "./alerts/project.ts";
import { builtPages } from "./pages/page.ts";
import { PageError } from "./pages/page-error.ts";
import { readPages, readSources } from "./pages/project.ts";

/** Writes the pages. Returns lines: each changed page, below it each changed block, and below that the lines that the block lost. */
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

/** Writes the alerting rules. Returns their path when they have changed. */
async function writeAlerts(): Promise<string[]> {
  const path = join(packageRoot, ALERTS);
  const text = await builtAlerts();
  if (readFileSync(path, "utf8") === text) return [];
  writeFileSync(path, text);
  return [ALERTS];
}

try {
  const told = [...(await writePages()), ...(await writeAlerts())];
  console.log(told.length === 0 ? "every page is up to date" : told.join("\n"));
} catch (error) {
  if (!(error instanceof PageError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
