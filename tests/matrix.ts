// Probes the servers, and tries the clients, that nobody of this project wrote: npm run matrix, or npm run matrix -- nginx curl --rounds 3.
// It writes results/matrix and docs/check-results*. With --rounds, each is done that many times, and a cell that differs is a failure.
import { parseArgs } from "node:util";
import { writePages } from "./matrix/pages.ts";
import { CLIENTS, isHere, type MatrixProgram, SERVERS } from "./matrix/programs.ts";
import { differences, type ClientResult, isWell, outcomesOf, type ServerResult } from "./matrix/result.ts";
import { commit, type Kind } from "./matrix/results.ts";
import { checkServer, tryClient, withScratch } from "./matrix/run.ts";
import { installPackages } from "../scripts/debian/packages.ts";

const WRONG_USAGE = 64;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { rounds: { type: "string", default: "1" }, pages: { type: "boolean", default: false } },
    allowPositionals: true,
  });
  const known = [...SERVERS, ...CLIENTS].map(({ id }) => id);
  const unknown = positionals.filter((id) => !known.includes(id));
  const rounds = Number(values.rounds);
  if (unknown.length > 0 || !Number.isInteger(rounds) || rounds < 1) {
    console.error(`npm run matrix -- [ID ...] [--rounds N] [--pages]\nThe programs: ${known.join(", ")}`);
    return WRONG_USAGE;
  }
  if (values.pages) {
    writePages();
    return 0;
  }
  const isWanted = ({ id }: MatrixProgram): boolean => positionals.length === 0 || positionals.includes(id);
  const missing = [...SERVERS, ...CLIENTS].filter((one) => isWanted(one) && !isHere(one));
  installPackages([...new Set(missing.flatMap(({ debian }) => debian ?? []))]);
  const bad = await withScratch(async (scratch) => {
    const servers = await each("servers", SERVERS.filter(isWanted), rounds, (one) =>
      checkServer(one, scratch),
    );
    const clients = await each("clients", CLIENTS.filter(isWanted), rounds, (one) => tryClient(one, scratch));
    return servers + clients;
  });
  writePages();
  console.log(bad === 0 ? "every cell was the same in each round" : `${bad} differ, or could not be tried`);
  return bad === 0 ? 0 : 1;
}

/** Does each program `rounds` times, keeps the first result, and returns how many cells differed from it later. */
async function each<K extends Kind>(
  kind: K,
  programs: MatrixProgram[],
  rounds: number,
  run: (program: MatrixProgram) => Promise<K extends "servers" ? ServerResult : ClientResult>,
): Promise<number> {
  let bad = 0;
  const first = new Map<string, ServerResult | ClientResult>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const program of programs) {
      const result = await run(program).catch((error: unknown) => {
        console.log(
          `✗ ${program.id}, round ${round}: ${error instanceof Error ? error.message : String(error)}`,
        );
        return null;
      });
      if (result === null) {
        bad += 1;
        continue;
      }
      const before = first.get(program.id);
      const differs = before === undefined ? [] : differences(before, result);
      if (before === undefined) {
        first.set(program.id, result);
        commit(kind, result);
      }
      bad += differs.length;
      console.log(`${differs.length === 0 ? "✓" : "✗"} ${program.id}, round ${round}: ${inShort(result)}`);
      for (const line of differs) console.log(`    ${line}`);
    }
  }
  return bad;
}

/** `22 pass, 1 informational`, and the rows of what is worse. */
function inShort(result: ServerResult | ClientResult): string {
  const outcomes = Object.entries(outcomesOf(result));
  const kinds = [...new Set(outcomes.map(([, outcome]) => outcome))];
  return kinds
    .map((kind) => {
      const rows = outcomes.filter(([, outcome]) => outcome === kind).map(([row]) => row);
      const named = isWell(kind) ? "" : ` (${rows.join(", ")})`;
      return `${rows.length} ${kind}${named}`;
    })
    .join(", ");
}

process.exitCode = await main();
