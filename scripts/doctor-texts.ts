// Saves the text of ss, nstat and netstat while each buggy variant runs: tests/fixtures/doctor/saved/modes. Names of modes can follow.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { liveModes } from "../tests/doctor/live-square.ts";
import {
  fileOf,
  folder,
  FORMS,
  judged,
  namedAs,
  pairsOf,
  shotsOf,
  type Form,
} from "../tests/doctor/saved-texts.ts";

const only = process.argv.slice(2);
const modes = await liveModes();
mkdirSync(join(folder, "modes"), { recursive: true });
for (const mode of modes.filter(({ id }) => only.length === 0 || only.includes(id))) {
  const pairs = pairsOf(shotsOf(mode));
  const best =
    pairs.find((pair) => namedAs(mode, judged(modes, pair, "the same, and sysctl")) === "found") ?? pairs[0];
  if (best === undefined) {
    console.log(`${mode.id}: no two shots are far enough apart`);
    continue;
  }
  const text = fileOf(best);
  writeFileSync(join(folder, "modes", `${mode.id}.txt.gz`), gzipSync(text, { level: 9 }));
  const named = (Object.keys(FORMS) as Form[]).map(
    (form) => `${form}: ${namedAs(mode, judged(modes, best, form)) ?? "-"}`,
  );
  console.log(`${mode.id}: ${text.length} characters; ${named.join("; ")}`);
}
