import { spawnSync } from "node:child_process";
import { compiled } from "../../harness/lab/paths.ts";
import { asUser, folderFor, WHO, type Who } from "../lab/user.ts";
import type { Soak } from "../soak.ts";

/** The time limit of a comparison on two cores. */
const MOST_SECONDS = 90;

/** Checks that every comparison prints the same sentences, within its time limit, as root and as an ordinary user. */
export const soak: Soak = {
  name: "compare",
  summary: `lastack compare, each within ${MOST_SECONDS} s and with the same sentences, as each kind of user`,
  rounds: 3,
  run(rounds) {
    const all = WHO.flatMap((who) => Array.from({ length: rounds }, (_, nth) => compareOnce(who, nth + 1)));
    const [first] = all;
    const differ = all.filter(({ text }) => text !== first?.text);
    if (first !== undefined) console.log(first.text);
    for (const { name, text } of differ) console.log(`${name} says otherwise:\n${text}`);
    const bad = all.filter(({ good }) => !good).length;
    console.log(
      `${all.length} runs: ${bad} bad or late, ${differ.length} with sentences that differ from the first run`,
    );
    return Promise.resolve(bad + differ.length === 0 ? 0 : 1);
  },
};

/** The sentences of a comparison, and whether it ended within its time limit. */
interface Said {
  name: string;
  text: string;
  good: boolean;
}

function compareOnce(who: Who, nth: number): Said {
  const folder = folderFor(who);
  const program = [process.execPath, compiled("harness/cli/main.js")];
  const [executable, ...args] = asUser(who, [...program, "compare", "--json", "--out", folder.path]);
  const beganMs = performance.now();
  const { stdout, stderr, status } = spawnSync(executable, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  const seconds = (performance.now() - beganMs) / 1000;
  folder.remove();
  const sentences = status === 0 ? (JSON.parse(stdout) as { sentences: string[] }).sentences : [];
  const name = `${who} ${nth}`;
  console.log(`${name}: exit ${status}, ${seconds.toFixed(1)} s, ${sentences.length} sentences`);
  if (status !== 0) console.log(stderr.split("\n").slice(-12).join("\n"));
  const good = sentences.length > 0 && seconds < MOST_SECONDS;
  return { name, text: sentences.map((sentence) => `  - ${sentence}`).join("\n"), good };
}
