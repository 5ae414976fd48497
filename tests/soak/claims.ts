import { spawnSync } from "node:child_process";
import { compiled } from "../../harness/lab/paths.ts";
import type { ClaimsJson } from "../../harness/report/claims-json.ts";
import { asUser, folderFor, WHO, type Who } from "../lab/user.ts";
import type { Soak } from "../soak.ts";

/** The time limit for settling all claims on two cores. */
const MOST_SECONDS = 240;

/** Checks that every run gives every claim the same verdict, within its time limit, as root and as an ordinary user. */
export const soak: Soak = {
  name: "claims",
  summary: `lastack claims --run, each within ${MOST_SECONDS} s and with the same verdicts, as each kind of user`,
  rounds: 3,
  run(rounds) {
    const all = WHO.flatMap((who) => Array.from({ length: rounds }, (_, nth) => settleOnce(who, nth + 1)));
    const [first] = all;
    let differences = 0;
    for (const { name, verdicts } of all.slice(1)) {
      for (const [id, verdict] of verdicts) {
        const before = first?.verdicts.get(id);
        if (verdict === before) continue;
        differences += 1;
        console.log(`${name}: ${id} is ${verdict}, but was ${before} in ${first?.name}`);
      }
    }
    const bad = all.filter(({ good }) => !good).length;
    console.log(`${all.length} runs: ${bad} bad or late, ${differences} verdicts differ from the first run`);
    return Promise.resolve(bad + differences === 0 ? 0 : 1);
  },
};

interface Settled {
  name: string;
  verdicts: Map<string, string>;
  good: boolean;
}

function settleOnce(who: Who, nth: number): Settled {
  const folder = folderFor(who);
  const program = [process.execPath, compiled("harness/cli/main.js")];
  const [executable, ...args] = asUser(who, [...program, "claims", "--run", "--json", "--out", folder.path]);
  const beganMs = performance.now();
  const { stdout, stderr, status } = spawnSync(executable, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  const seconds = (performance.now() - beganMs) / 1000;
  folder.remove();
  const claims = stdout === "" ? [] : (JSON.parse(stdout) as ClaimsJson).claims;
  const name = `${who} ${nth}`;
  console.log(`${name}: exit ${status}, ${seconds.toFixed(1)} s, ${claims.length} claims`);
  for (const { id, verdict, observed } of claims)
    if (verdict === "inconclusive") console.log(`  ${id} is inconclusive: ${observed}`);
  if (claims.length === 0) console.log(stderr.split("\n").slice(-12).join("\n"));
  return {
    name,
    verdicts: new Map(claims.map(({ id, verdict }) => [id, verdict])),
    good: status === 0 && claims.length > 0 && seconds < MOST_SECONDS,
  };
}
