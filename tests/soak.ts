// Repeats tests many times: npm run soak, or npm run soak -- kills --rounds 5. This takes long; run it before an issue is resolved.
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";

/** An option that only one soak has. */
export interface SoakOption {
  /** The name of the option's value; absent if it takes none. */
  takes?: string;
  words: string;
}

/** The given options of a soak. */
export type SoakOptions = Record<string, string | boolean | undefined>;

/** Something that is repeated until its result is reliable. */
export interface Soak {
  name: string;
  summary: string;
  /** The default number of rounds; null if the soak decides it itself. */
  rounds: number | null;
  options?: Record<string, SoakOption>;
  /** Prints its results, and returns the exit code. `rounds` is 0 if the command line does not give it. */
  run: (rounds: number, options: SoakOptions) => Promise<number>;
}

const WRONG_USAGE = 64;

async function main(): Promise<number> {
  const soaks = await findSoaks();
  const { values, names, wrong } = wordsFor(soaks);
  if (wrong !== null || values["help"] === true) {
    if (wrong !== null) console.error(wrong);
    console.log(usage(soaks));
    return wrong === null ? 0 : WRONG_USAGE;
  }
  let worst = 0;
  for (const soak of soaks.filter(({ name }) => names.length === 0 || names.includes(name))) {
    console.log(`== ${soak.name}: ${soak.summary}`);
    worst = Math.max(worst, await soak.run(Number(values["rounds"] ?? soak.rounds ?? 0), values));
  }
  return worst;
}

function findSoaks(): Promise<Soak[]> {
  const folder = new URL("./soak/", import.meta.url);
  return Promise.all(
    readdirSync(folder).map(
      async (file) => ((await import(new URL(file, folder).href)) as { soak: Soak }).soak,
    ),
  );
}

/** The options of the command line, and what is wrong with them. */
function wordsFor(soaks: Soak[]): { values: SoakOptions; names: string[]; wrong: string | null } {
  const own = soaks.flatMap(({ options = {} }) => Object.entries(options));
  let parsed;
  try {
    parsed = parseArgs({
      options: {
        ...Object.fromEntries(
          own.map(
            ([name, { takes }]) => [name, { type: takes === undefined ? "boolean" : "string" }] as const,
          ),
        ),
        rounds: { type: "string" },
        help: { type: "boolean" },
      },
      allowPositionals: true,
    });
  } catch (error) {
    return { values: {}, names: [], wrong: error instanceof Error ? error.message : String(error) };
  }
  const values: SoakOptions = parsed.values;
  return { values, names: parsed.positionals, wrong: wrongIn(soaks, values, parsed.positionals) };
}

function wrongIn(soaks: Soak[], values: SoakOptions, names: string[]): string | null {
  const unknown = names.find((name) => !soaks.some((soak) => soak.name === name));
  if (unknown !== undefined) return `There is no soak ${unknown}.`;
  if (!/^[1-9]\d{0,3}$/.test(String(values["rounds"] ?? 1))) return "--rounds takes a number from 1 to 9999.";
  const [name] = names;
  for (const option of Object.keys(values)) {
    const owners = soaks.filter(({ options = {} }) => option in options).map((soak) => soak.name);
    const isRight = names.length === 1 && owners.some((owner) => owner === name);
    if (owners.length > 0 && !isRight)
      return `--${option}: only for ${owners.join(" or ")}; name ${owners.length > 1 ? "one of them" : "it"}, and no other soak.`;
  }
  return null;
}

function usage(soaks: Soak[]): string {
  const lines = soaks.flatMap(({ name, summary, rounds, options = {} }) => [
    `  ${name.padEnd(12)}${summary}${rounds === null ? "" : `; ${rounds} rounds`}`,
    ...Object.entries(options).map(
      ([option, { takes = "", words }]) => `    ${`--${option} ${takes}`.padEnd(16)}${words}`,
    ),
  ]);
  return `usage: npm run soak [-- NAME ... --rounds N]\n${lines.join("\n")}`;
}

process.exitCode = await main();
