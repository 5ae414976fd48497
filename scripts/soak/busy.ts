import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { compiled } from "../../harness/lab/paths.ts";
import type { Soak } from "../soak.ts";

const ROUNDS = 20;
/** The spinners end by themselves after this long, should this process be gone. */
const SPIN_MS = 3_600_000;

interface RunDocument {
  outcome: string;
  experiments: { id: string; variants: Record<string, Round | Round[]> }[];
}

interface Round {
  outcome: string;
  recording: string | null;
  findings: { claim: string; observed: string; outcome: string }[];
}

/** Every verdict is confirmed every time while all cores are kept busy by something else. */
export const soak: Soak = {
  name: "busy",
  summary: `every verdict of the catalogue, ${ROUNDS} times, with all cores kept busy`,
  run() {
    const folder = mkdtempSync(join(tmpdir(), "lastack-soak-"));
    const spin = `const end = performance.now() + ${SPIN_MS}; while (performance.now() < end && process.ppid === ${process.pid});`;
    const spinners = Array.from({ length: availableParallelism() }, () =>
      spawn(process.execPath, ["-e", spin], { stdio: "ignore" }),
    );
    try {
      let bad = 0;
      for (let nth = 1; nth <= ROUNDS; nth += 1) {
        const args = [compiled("harness/cli/main.js"), "run", "--all", "--json", "--out", folder];
        const ran = spawnSync(process.execPath, args, { encoding: "utf8", maxBuffer: 1 << 28 });
        bad += report(nth, ran.stdout, ran.status);
      }
      console.log(
        bad === 0
          ? `${ROUNDS} of ${ROUNDS} rounds confirmed`
          : `${bad} verdicts not confirmed; recordings: ${folder}`,
      );
      if (bad === 0) rmSync(folder, { recursive: true, force: true });
      return Promise.resolve(bad === 0 ? 0 : 1);
    } finally {
      for (const spinner of spinners) spinner.kill("SIGKILL");
    }
  },
};

/** Says how a round went, and gives the number of its verdicts that are not confirmed. */
function report(nth: number, json: string, status: number | null): number {
  if (json === "") {
    console.log(`round ${nth}/${ROUNDS}: no verdict at all, exit ${status}`);
    return 1;
  }
  const document = JSON.parse(json) as RunDocument;
  const verdicts = document.experiments.flatMap(({ id, variants }) =>
    Object.entries(variants).flatMap(([variant, rounds]) =>
      [rounds].flat().map((round) => ({ id, variant, round })),
    ),
  );
  const bad = verdicts.filter(({ round }) => round.outcome !== "confirmed");
  console.log(
    `round ${nth}/${ROUNDS}: ${verdicts.length - bad.length} of ${verdicts.length} confirmed, exit ${status}`,
  );
  for (const { id, variant, round } of bad) {
    console.log(`  ${round.outcome} ${id}/${variant}: ${round.recording}`);
    for (const { claim, observed, outcome } of round.findings) {
      if (outcome !== "confirmed") console.log(`    ${outcome}: ${claim} - ${observed}`);
    }
  }
  // A round that saw nothing, or whose exit code says otherwise, is not a good one.
  return bad.length === 0 && (verdicts.length === 0 || status !== 0) ? 1 : bad.length;
}
