import { spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { runRounds } from "../rounds.ts";
import type { Soak } from "../soak.ts";

const ROUNDS = 10;
/** The spinners end by themselves after this long, should this process be gone. */
const SPIN_MS = 3_600_000;

/** Every verdict is confirmed every time while all cores are kept busy by something else. */
export const soak: Soak = {
  name: "busy",
  summary: "every verdict of the catalogue, with all cores kept busy",
  rounds: ROUNDS,
  run(rounds) {
    const spin = `const end = performance.now() + ${SPIN_MS}; while (performance.now() < end && process.ppid === ${process.pid});`;
    const spinners = Array.from({ length: availableParallelism() }, () =>
      spawn(process.execPath, ["-e", spin], { stdio: "ignore" }),
    );
    try {
      const { bad } = runRounds("own", rounds);
      if (bad === 0) console.log(`${rounds} of ${rounds} rounds confirmed`);
      return Promise.resolve(bad === 0 ? 0 : 1);
    } finally {
      for (const spinner of spinners) spinner.kill("SIGKILL");
    }
  },
};
