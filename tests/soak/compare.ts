import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { compiled } from "../../harness/lab/paths.ts";
import { asUser, folderFor, WHO, type Who } from "../lab/user.ts";
import type { Soak } from "../soak.ts";

/** The time limit of a comparison on two cores. */
const MOST_SECONDS = 120;
/** How many other programs are busy all the time beside a comparison. */
const LOOPS = [0, 2];

/**
 * Checks that every comparison succeeds within its time limit: on the machine as it is and beside busy loops, as root and as an ordinary
 * user. Prints which runs have other sentences than the first run; figures in them may differ.
 */
export const soak: Soak = {
  name: "compare",
  summary: `lastack compare, each with exit code 0 within ${MOST_SECONDS} s, alone and beside ${LOOPS.at(-1)} busy loops`,
  rounds: 5,
  run(rounds) {
    const all = LOOPS.flatMap((loops) =>
      Array.from({ length: rounds }, (_, nth) => WHO.map((who) => compareBeside(loops, who, nth + 1))).flat(),
    );
    const [first] = all;
    const differ = all.filter(({ sentences }) => kinds(sentences) !== kinds(first?.sentences ?? []));
    if (first !== undefined) console.log(first.sentences.join("\n"));
    for (const { name, sentences } of differ)
      console.log(`${name} has other sentences:\n${sentences.join("\n")}`);
    const bad = all.filter(({ good }) => !good).length;
    console.log(
      `${all.length} runs: ${bad} bad or late, ${differ.length} with other sentences than the first`,
    );
    return Promise.resolve(bad === 0 ? 0 : 1);
  },
};

/** The sentences of a comparison, and whether it succeeded within its time limit. */
interface Ran {
  name: string;
  sentences: string[];
  good: boolean;
}

function compareBeside(loops: number, who: Who, nth: number): Ran {
  const busy = Array.from({ length: loops }, busyLoop);
  try {
    return compareOnce(`${who} ${nth}, ${loops} busy loops`, who);
  } finally {
    for (const loop of busy) loop.kill("SIGKILL");
  }
}

function busyLoop(): ChildProcess {
  return spawn(process.execPath, ["-e", "for (;;);"], { stdio: "ignore" });
}

function compareOnce(name: string, who: Who): Ran {
  const folder = folderFor(who);
  const program = [process.execPath, compiled("harness/cli/main.js")];
  const [executable, ...args] = asUser(who, [...program, "compare", "--json", "--out", folder.path]);
  const beganMs = performance.now();
  const { stdout, stderr, status } = spawnSync(executable, args, { encoding: "utf8", maxBuffer: 1 << 28 });
  const seconds = (performance.now() - beganMs) / 1000;
  folder.remove();
  const sentences = status === 0 ? (JSON.parse(stdout) as { sentences: string[] }).sentences : [];
  console.log(`${name}: exit ${status}, ${seconds.toFixed(1)} s, ${sentences.length} sentences`);
  if (status !== 0) console.log(stderr.split("\n").slice(-12).join("\n"));
  const good = sentences.length > 0 && seconds < MOST_SECONDS;
  return { name, sentences: sentences.map((sentence) => `  - ${sentence}`), good };
}

/** Sentences without their figures. */
function kinds(sentences: readonly string[]): string {
  return sentences.join("\n").replaceAll(/\d[\d.,]*/g, "#");
}
