// The repetitions: npm run soak, or npm run soak -- kills --rounds 5. They take long; run them before an issue is resolved.
import { readdirSync } from "node:fs";
import { parseArgs } from "node:util";

/** Something that is repeated until it can be believed. */
export interface Soak {
  name: string;
  summary: string;
  /** How often, when nothing else is said. */
  rounds: number;
  /** Prints what it sees; gives the exit code. */
  run: (rounds: number) => Promise<number>;
}

const folder = new URL("./soak/", import.meta.url);
const soaks = await Promise.all(
  readdirSync(folder).map(
    async (file) => ((await import(new URL(file, folder).href)) as { soak: Soak }).soak,
  ),
);
const { values, positionals: asked } = parseArgs({
  options: { rounds: { type: "string" }, help: { type: "boolean", default: false } },
  allowPositionals: true,
});
const unknown = asked.filter((name) => !soaks.some((soak) => soak.name === name));
const isRounds = /^[1-9]\d{0,3}$/.test(values.rounds ?? "1");
if (unknown.length > 0 || !isRounds || values.help) {
  console.log(
    `usage: npm run soak [-- NAME ... --rounds N]\n${soaks.map(({ name, summary, rounds }) => `  ${name.padEnd(12)}${summary}; ${rounds} rounds`).join("\n")}`,
  );
  process.exit(64);
}
let worst = 0;
for (const soak of soaks.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  console.log(`== ${soak.name}: ${soak.summary}`);
  worst = Math.max(worst, await soak.run(Number(values.rounds ?? soak.rounds)));
}
process.exitCode = worst;
