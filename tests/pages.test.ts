import { expect, test } from "vitest";
import { faultsOf } from "../scripts/pages/faults.ts";
import { builtPages } from "../scripts/pages/page.ts";
import { readPages, readSources } from "../scripts/pages/project.ts";

/** If fewer blocks are found, reading them is broken. Raise this number as the project grows; it need not be exact. */
const FEWEST_BLOCKS = 120;

const pages = readPages();

test("every page shows the current output of its recordings, and every experiment in its tables", async () => {
  const built = [...builtPages(pages, await readSources())];
  const blocks = built.reduce((sum, [, page]) => sum + page.blocks, 0);
  expect(blocks).toBeGreaterThanOrEqual(FEWEST_BLOCKS);
  const stale = built.flatMap(([path, { text, changed }]) => {
    if (text === pages.get(path)) return [];
    const what = changed.map(({ command }) => ` \`$ ${command}\``).join(",");
    return [
      `${path} is out of date:${what === "" ? " its tables, or what lastack check finds" : what}. To update it: npm run pages`,
    ];
  });
  expect(stale).toEqual([]);
});

test("no page has an empty section, or text that is still to be written", () => {
  expect([...pages].flatMap(([path, text]) => faultsOf(text).map((fault) => `${path} ${fault}`))).toEqual([]);
});
