import { WHO } from "../lab/user.ts";
import { median } from "../../harness/measure/median.ts";
import { runRounds } from "../rounds/rounds.ts";
import type { Soak } from "../soak.ts";

/** The time limit of the whole catalogue on two cores. */
const MOST_SECONDS = 150;

/** Checks that the whole catalogue is confirmed every time, within its time limit, as root and as an ordinary user. */
export const soak: Soak = {
  name: "whole",
  summary: `the whole catalogue, each round within ${MOST_SECONDS} s, as each kind of user`,
  rounds: 10,
  run(rounds) {
    let worst = 0;
    for (const who of WHO) {
      const { bad, seconds } = runRounds(who, rounds);
      const longest = Math.max(...seconds);
      const isInTime = longest < MOST_SECONDS;
      console.log(
        `${who}: median ${median(seconds).toFixed(1)} s, longest ${longest.toFixed(1)} s of ${MOST_SECONDS} s; ${bad === 0 ? "all confirmed" : `${bad} not confirmed`}`,
      );
      if (bad > 0 || !isInTime) worst = 1;
    }
    return Promise.resolve(worst);
  },
};
