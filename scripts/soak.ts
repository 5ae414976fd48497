// The repetitions: npm run soak, or npm run soak -- kills. They take long; run them before an issue is resolved.
import { readdirSync } from "node:fs";

/** Something that is repeated until it can be believed. */
export interface Soak {
  name: string;
  summary: string;
  /** Prints what it sees; gives the exit code. */
  run: () => Promise<number>;
}

const folder = new URL("./soak/", import.meta.url);
const soaks = await Promise.all(
  readdirSync(folder).map(
    async (file) => ((await import(new URL(file, folder).href)) as { soak: Soak }).soak,
  ),
);
const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !soaks.some((soak) => soak.name === name));
if (unknown.length > 0 || asked.includes("--help")) {
  console.log(
    `usage: npm run soak [-- NAME ...]\n${soaks.map(({ name, summary }) => `  ${name.padEnd(12)}${summary}`).join("\n")}`,
  );
  process.exit(64);
}
let worst = 0;
for (const soak of soaks.filter(({ name }) => asked.length === 0 || asked.includes(name))) {
  console.log(`== ${soak.name}: ${soak.summary}`);
  worst = Math.max(worst, await soak.run());
}
process.exitCode = worst;
