import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../harness/lab/paths.ts";
import { EVIL_SERVERS } from "../../harness/exec/evil-servers.ts";
import { PROBES } from "../../harness/probes/all.ts";
import { clientEvidence, serverEvidence } from "./evidence-page.ts";
import { type Matrices, matrixPage } from "./matrix-page.ts";
import { CLIENTS, SERVERS } from "./programs.ts";
import { allCommitted } from "./results.ts";

/** Everything that the pages say, as committed. */
export function matrices(): Matrices {
  return {
    probes: PROBES.map(({ id }) => id),
    servers: allCommitted("servers", SERVERS),
    evil: EVIL_SERVERS.map(({ name }) => name),
    clients: allCommitted("clients", CLIENTS),
  };
}

/** The pages as they must be, by their paths in the project. */
export function pagesOf(all: Matrices): Map<string, string> {
  return new Map([
    ["docs/check-results.md", matrixPage(all, "en")],
    ["docs/check-results.zh-CN.md", matrixPage(all, "zh")],
    ...all.servers.map((one): [string, string] => [`docs/check-results/${one.id}.md`, serverEvidence(one)]),
    ...all.clients.map((one): [string, string] => [`docs/check-results/${one.id}.md`, clientEvidence(one)]),
  ]);
}

/** Writes them from the committed results. */
export function writePages(): void {
  const pages = pagesOf(matrices());
  const folder = join(packageRoot, "docs", "check-results");
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(folder))
    if (!pages.has(`docs/check-results/${name}`)) rmSync(join(folder, name));
  for (const [path, text] of pages) writeFileSync(join(packageRoot, path), text);
}
