import { PROBES } from "../../harness/probes/all.ts";
import { expectedRows } from "../check/expected.ts";
import type { ExpectedGrades } from "../check/expected/row.ts";
import { tried, type TriedServer } from "../check/try.ts";
import type { Soak } from "../soak.ts";

/** Every probe at every reference server that a file of expected/ names, with the bounds that `lastack check` has by default. */
export const soak: Soak = {
  name: "check",
  summary:
    "all probes of lastack check at all reference servers: which fail where is compared with what was expected",
  rounds: 1,
  options: {
    server: {
      takes: "ID/VARIANT",
      words: "only this reference server, such as slowloris/buggy; or ID: all of its folder",
    },
    part: { takes: "K/N", words: "only the K-th of N parts of the servers" },
  },
  async run(rounds, { server, part }) {
    const rows = partOf(
      (await expectedRows()).filter((row) => isWanted(row, server)),
      String(part ?? "1/1"),
    );
    const all: TriedServer[] = [];
    for (let round = 1; round <= rounds; round += 1)
      await tried(rows, PROBES, {}, (one) => {
        console.log(`${one.faults.length === 0 ? "✓" : "✗"} ${one.server}  ${one.seconds} s`);
        for (const fault of one.faults) console.log(`    ${fault}`);
        all.push(one);
      });
    const wrong = all.filter(({ faults }) => faults.length > 0).map((one) => one.server);
    const asExpected = `${all.length - wrong.length} of ${all.length} servers as expected, at ${PROBES.length} probes each`;
    console.log(wrong.length === 0 ? asExpected : `${asExpected}; not so: ${wrong.join(", ")}`);
    return all.length > 0 && wrong.length === 0 ? 0 : 1;
  },
};

function isWanted({ server }: ExpectedGrades, wanted: string | boolean | undefined): boolean {
  return wanted === undefined || server === wanted || server.startsWith(`${String(wanted)}/`);
}

/** The K-th of N parts, of `K/N`: the servers of a folder stand together. */
function partOf(rows: ExpectedGrades[], part: string): ExpectedGrades[] {
  const [, k, n] = /^([1-9]\d?)\/([1-9]\d?)$/.exec(part)?.map(Number) ?? [];
  if (k === undefined || n === undefined || k > n)
    throw new Error(`--part takes K/N, such as 2/5, not ${part}`);
  return rows.slice(Math.round((rows.length * (k - 1)) / n), Math.round((rows.length * k) / n));
}
