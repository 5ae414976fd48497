import { spawnSync } from "node:child_process";
import { compiled } from "../../harness/lab/paths.ts";
import { asUser, folderFor, type Who } from "../lab/user.ts";
import { unconfirmedLines, verdictsOf } from "./verdicts.ts";

/** The result of a number of rounds. Each round runs the whole catalogue. */
export interface Rounds {
  /** The number of verdicts that were not confirmed, and of rounds without any verdict. */
  bad: number;
  /** How long each round took. */
  seconds: number[];
}

/** Runs the whole catalogue this many times, as a kind of user, and prints the result of each round. Recordings of bad rounds are kept. */
export function runRounds(who: Who, rounds: number): Rounds {
  const folder = folderFor(who);
  const seconds: number[] = [];
  let bad = 0;
  for (let nth = 1; nth <= rounds; nth += 1) {
    const [executable, ...args] = asUser(who, [
      ...[process.execPath, compiled("harness/cli/main.js")],
      ...["run", "--all", "--json", "--out", folder.path],
    ]);
    const beganMs = performance.now();
    const ran = spawnSync(executable, args, { encoding: "utf8", maxBuffer: 1 << 28 });
    const took = (performance.now() - beganMs) / 1000;
    seconds.push(took);
    bad += report(`${who} ${nth}/${rounds} (${took.toFixed(1)} s)`, ran.stdout, ran.status);
  }
  if (bad === 0) folder.remove();
  else console.log(`${bad} verdicts not confirmed; recordings: ${folder.path}`);
  return { bad, seconds };
}

/** Prints the result of a round, and returns the number of its verdicts that are not confirmed. */
function report(round: string, json: string, status: number | null): number {
  if (json === "") {
    console.log(`${round}: no verdict at all, exit ${status}`);
    return 1;
  }
  const verdicts = verdictsOf(json);
  const bad = verdicts.filter(({ outcome }) => outcome !== "confirmed").length;
  console.log(`${round}: ${verdicts.length - bad} of ${verdicts.length} confirmed, exit ${status}`);
  for (const line of unconfirmedLines(verdicts)) console.log(line);
  // A round without verdicts, or with another exit code than its verdicts imply, is bad.
  return bad === 0 && (verdicts.length === 0 || status !== 0) ? 1 : bad;
}
