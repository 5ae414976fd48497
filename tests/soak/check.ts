import { readdirSync } from "node:fs";
import { PROBES } from "../../harness/probes/all.ts";
import type { ExpectedGrades } from "../check/expected/row.ts";
import { tried } from "../check/try.ts";
import type { Soak } from "../soak.ts";

/** Every probe at every reference server that a file of expected/ names, with the bounds that `lastack check` has by default. */
export const soak: Soak = {
  name: "check",
  summary:
    "all probes of lastack check at all reference servers: which fail where is compared with what was expected",
  rounds: 1,
  options: { server: { takes: "ID/VARIANT", words: "only this reference server, such as slowloris/buggy" } },
  async run(rounds, { server: only }) {
    const rows = (await expectedRows()).filter(({ server }) => only === undefined || server === only);
    let bad = 0;
    for (let round = 1; round <= rounds; round += 1)
      await tried(rows, PROBES, {}, ({ server, faults, seconds }) => {
        console.log(`${faults.length === 0 ? "✓" : "✗"} ${server}  ${seconds} s`);
        for (const fault of faults) console.log(`    ${fault}`);
        if (faults.length > 0) bad += 1;
      });
    console.log(bad === 0 ? `all ${rows.length} servers as expected` : `${bad} are wrong`);
    return Math.min(bad, 1);
  },
};

/** The rows of all files, one for each server. A server that several files name must not fail in one what it passes in another. */
async function expectedRows(): Promise<ExpectedGrades[]> {
  const folder = new URL("../check/expected/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name !== "row.ts");
  const modules = await Promise.all(
    files.map(async (name) => (await import(new URL(name, folder).href)) as { rows: ExpectedGrades[] }),
  );
  const rows = new Map<string, ExpectedGrades>();
  for (const row of modules.flatMap(({ rows: some }) => some)) {
    const known = rows.get(row.server);
    rows.set(row.server, known === undefined ? row : { ...row, fails: { ...known.fails, ...row.fails } });
  }
  return [...rows.values()];
}
