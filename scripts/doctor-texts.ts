// Saves the text of ss, nstat and netstat while each buggy variant runs, and while healthy programs do: tests/fixtures/doctor/saved. Names of
// modes and scenes can follow; without any, all are saved.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { LOADED, QUIET } from "../tests/doctor/healthy.ts";
import { liveModes } from "../tests/doctor/modes.ts";
import { folder, FORMS, judged, namedAs, savedName, type Form } from "../tests/doctor/saved-texts.ts";
import { fileOf, pairsOf, type Shot } from "../tests/doctor/shot.ts";
import { healthyShotsOf, shotsOf } from "../tests/doctor/taken-shots.ts";

const SECONDS = 5;
const only = process.argv.slice(2);
const isMeant = (name: string): boolean => only.length === 0 || only.includes(name);
const modes = await liveModes();

function save(kind: "modes" | "healthy", name: string, shots: readonly Shot[]): void {
  mkdirSync(join(folder, kind), { recursive: true });
  writeFileSync(join(folder, kind, `${savedName(name)}.txt.gz`), gzipSync(fileOf(shots), { level: 9 }));
}

for (const mode of modes.filter(({ id }) => isMeant(id))) {
  const pairs = pairsOf(shotsOf(mode));
  const isNamed = (pair: Shot[]): boolean =>
    namedAs(mode, judged(modes, pair, "the same, and sysctl")) === "found";
  const best = pairs.find(isNamed) ?? pairs[0];
  if (best === undefined) {
    console.log(`${mode.id}: there are no two shots`);
    continue;
  }
  save("modes", mode.id, best);
  const named = (Object.keys(FORMS) as Form[]).map(
    (form) => `${form}: ${namedAs(mode, judged(modes, best, form)) ?? "-"}`,
  );
  console.log(`${mode.id}: ${named.join("; ")}`);
}
for (const { name } of [...QUIET, ...LOADED].filter((scene) => isMeant(scene.name))) {
  // The last pair: then the load is at its height.
  const [pair] = pairsOf(healthyShotsOf([name], SECONDS).get(name) ?? []);
  if (pair !== undefined) save("healthy", name, pair);
  console.log(`${name}: ${pair === undefined ? "there are no two shots" : "saved"}`);
}
