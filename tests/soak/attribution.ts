import type { Attribution } from "../../harness/attribution/attribution.ts";
import type { Setup } from "../../harness/model/setup.ts";
import { LabTrials } from "../../harness/trial/lab-trial.fixture.ts";
import { namedIn, PROVOKED, wrongIn } from "../attribution/provoked.ts";
import type { Soak } from "../soak.ts";
import { type BusyLoops, startBusyLoops } from "../starved/busy-loops.ts";

/** How many busy loops run beside it with --busy: as many as a small machine has processors. */
const BUSY_LOOPS = 2;
const WRONG_USAGE = 64;

/** Provokes each cause many times, and counts how often every reset and close of the recording was named right. */
export const soak: Soak = {
  name: "attribution",
  summary: "each cause of a reset or a close, provoked and named",
  rounds: 20,
  options: {
    busy: { words: `beside ${BUSY_LOOPS} busy loops` },
    from: { takes: "CASE", words: "leaves out the cases before this one" },
  },
  async run(rounds, { busy, from }) {
    const names = Object.keys(PROVOKED);
    const first = from === undefined ? 0 : names.indexOf(String(from));
    if (first === -1) {
      console.log(`there is no case ${String(from)}; the cases are ${names.join(", ")}`);
      return WRONG_USAGE;
    }

    const loops = busy === true ? await startBusyLoops(BUSY_LOOPS) : null;
    const lab = new LabTrials();
    try {
      return await counted(lab, rounds, loops, names.slice(first));
    } finally {
      await lab.close();
      await loops?.stop();
    }
  },
};

/** What is named in one trial, or why the trial was not completed. */
async function namedOf(lab: LabTrials, setup: Setup): Promise<Attribution[] | string> {
  try {
    const { recording } = await lab.run(setup);
    return namedIn(recording);
  } catch (error) {
    return `nothing: ${error instanceof Error ? error.message : String(error)}`;
  }
}

async function counted(
  lab: LabTrials,
  rounds: number,
  loops: BusyLoops | null,
  names: string[],
): Promise<number> {
  const beside = loops === null ? "" : ` beside ${BUSY_LOOPS} busy loops`;
  let wrongs = 0;
  for (const [name, { setup, expected }] of Object.entries(PROVOKED)) {
    if (!names.includes(name)) continue;
    const wrong: string[] = [];
    let isDecided = 0;
    for (let round = 0; round < rounds; round += 1) {
      const named = await namedOf(lab, setup);
      const why = typeof named === "string" ? named : wrongIn(named, expected);
      if (why !== null) wrong.push(why);
      else if (typeof named !== "string") isDecided += named.filter(({ sure }) => sure === "decided").length;
    }
    const right = rounds - wrong.length;
    const all = right * expected.length;
    console.log(
      `${name}: ${right} of ${rounds} right${beside}; ${isDecided} of ${all} endings decided, the others likely`,
    );
    for (const why of wrong) console.log(`  named ${why}`);
    wrongs += wrong.length;
  }
  console.log(`${wrongs} wrong`);
  return wrongs === 0 ? 0 : 1;
}
