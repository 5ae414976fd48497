import type { Attribution } from "../../harness/attribution/attribution.ts";
import { LabTrials } from "../../harness/trial/lab-trial.fixture.ts";
import { namedIn, wrongIn } from "../attribution/named.ts";
import { overOrphanLimit, whileOverLimit, whyNotOverLimit } from "../attribution/orphan-limit.ts";
import type { Provoked } from "../attribution/provoke.ts";
import { PROVOKED } from "../attribution/provoked.ts";
import type { Soak } from "../soak.ts";
import { type BusyLoops, startBusyLoops } from "../starved/busy-loops.ts";

/** How many busy loops run beside it with --busy: as many as a small machine has processors. */
const BUSY_LOOPS = 2;
const WRONG_USAGE = 64;
/** The case that needs the whole kernel: the last one. */
const ORPHAN_LIMIT = "orphan limit";

/** Provokes each cause many times, and counts how often every reset and close of the recording was named right. */
export const soak: Soak = {
  name: "attribution",
  summary:
    "each cause of a reset or a close, provoked and named; for the orphan limit, close() resets on the whole machine for some seconds",
  rounds: 20,
  options: {
    busy: { words: `beside ${BUSY_LOOPS} busy loops` },
    from: { takes: "CASE", words: "leaves out the cases before this one" },
  },
  async run(rounds, { busy, from }) {
    const names = [...Object.keys(PROVOKED), ORPHAN_LIMIT];
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
type Named = Attribution[] | string;

async function namedOf(lab: LabTrials, { setup }: Provoked): Promise<Named> {
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
  for (const [name, provoked] of Object.entries(PROVOKED)) {
    if (!names.includes(name)) continue;
    const all: Named[] = [];
    for (let round = 0; round < rounds; round += 1) all.push(await namedOf(lab, provoked));
    wrongs += told(`${name}${beside}`, provoked, all);
  }
  wrongs += await ofOrphanLimit(lab, rounds, beside);
  console.log(`${wrongs} wrong`);
  return wrongs === 0 ? 0 : 1;
}

/** One trial, in which as many connections are closed as other causes have rounds: the limit is that of the whole machine. */
async function ofOrphanLimit(lab: LabTrials, rounds: number, beside: string): Promise<number> {
  const not = whyNotOverLimit();
  if (not !== null) {
    console.log(`${ORPHAN_LIMIT}: skipped: ${not}`);
    return 0;
  }
  const provoked = overOrphanLimit(rounds);
  try {
    const { result, overMs } = await whileOverLimit(() => namedOf(lab, provoked));
    const over = `beyond the limit for ${(overMs / 1000).toFixed(1)} s`;
    return told(`${ORPHAN_LIMIT}, ${rounds} connections in one trial, ${over}${beside}`, provoked, [result]);
  } catch (error) {
    console.log(`${ORPHAN_LIMIT}: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

/** Prints how often all was named right, and what was not. Returns how often it was not. */
function told(name: string, { expected }: Provoked, all: Named[]): number {
  const wrong: string[] = [];
  let isDecided = 0;
  for (const named of all) {
    const why = typeof named === "string" ? named : wrongIn(named, expected);
    if (why !== null) wrong.push(why);
    else if (typeof named !== "string") isDecided += named.filter(({ sure }) => sure === "decided").length;
  }
  const right = all.length - wrong.length;
  console.log(
    `${name}: ${right} of ${all.length} right; ${isDecided} of ${right * expected.length} endings decided, the others likely`,
  );
  for (const why of wrong) console.log(`  named ${why}`);
  return wrong.length;
}
