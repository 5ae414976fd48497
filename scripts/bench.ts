// npm run bench [-- NAME ... [OPTION ...]]: measures each figure for which the design sets a bar. Without a name, it runs all benches.
import { readdirSync } from "node:fs";

/** One module of scripts/bench/. It prints its measured figures and its bars. */
export interface Bench {
  name: string;
  /** One line: the measured figure, and the bar. */
  summary: string;
  /** Takes the options of the command line; returns 0 when the bar is met, 1 when it is missed. Throws when it cannot measure. */
  run: (args: string[]) => Promise<number>;
}

const USAGE = "npm run bench [-- NAME ... [OPTION ...]]";

async function main(words: string[]): Promise<number> {
  const benches = await findBenches();
  const optionsFrom = words.findIndex((word) => word.startsWith("-"));
  const names = optionsFrom === -1 ? words : words.slice(0, optionsFrom);
  const options = optionsFrom === -1 ? [] : words.slice(optionsFrom);
  const unknown = names.filter((name) => !benches.some((bench) => bench.name === name));
  if (unknown.length > 0 || options.includes("--help")) {
    if (unknown.length > 0) console.error(`There is no bench ${unknown.join(", ")}.`);
    console.log(
      `${USAGE}\n\n${benches.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join("\n")}`,
    );
    return unknown.length > 0 ? 64 : 0;
  }

  const missed: string[] = [];
  for (const bench of benches) {
    if (names.length > 0 && !names.includes(bench.name)) continue;
    console.log(`\n${bench.name}: ${bench.summary}`);
    // One after the other, because two benches at the same time would disturb each other.
    if ((await measure(bench, options)) !== 0) missed.push(bench.name);
  }
  console.log(missed.length === 0 ? "\nEvery bar is met." : `\nMissed: ${missed.join(", ")}.`);
  return missed.length === 0 ? 0 : 1;
}

async function measure(bench: Bench, options: string[]): Promise<number> {
  try {
    return await bench.run(options);
  } catch (error) {
    console.error(`  not measured: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

async function findBenches(): Promise<Bench[]> {
  const folder = new URL("bench/", import.meta.url);
  const files = readdirSync(folder).filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"));
  const modules = await Promise.all(
    files.toSorted().map((name) => import(new URL(name, folder).href) as Promise<{ bench?: Bench }>),
  );
  return modules.flatMap(({ bench }) => (bench === undefined ? [] : [bench]));
}

process.exitCode = await main(process.argv.slice(2));
