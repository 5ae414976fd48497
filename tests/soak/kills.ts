import { killTour } from "../lab/killed-tour.ts";
import { WHO } from "../lab/user.ts";
import type { Soak } from "../soak.ts";

/** The approximate length of the tour, over which the moments are spread. */
const TOUR_MS = 20_000;

/** Checks that SIGKILL to the runner of the tour at random moments leaves nothing behind. */
export const soak: Soak = {
  name: "kills",
  summary: "SIGKILL to the tour's runner at random moments, as each kind of user",
  rounds: 50,
  async run(rounds) {
    let failures = 0;
    for (const who of WHO) {
      for (let nth = 1; nth <= rounds; nth += 1) {
        // Half of the moments are early: the lab starts in a fraction of a second, and a safeguard could fail during that time.
        const { atMs, processesBefore, left } = await killTour(
          who,
          Math.random() * (nth % 2 === 0 ? 1000 : TOUR_MS),
        );
        if (left.length > 0) failures += 1;
        const result = left.length === 0 ? "nothing left" : `LEFT: ${left.join(", ")}`;
        console.log(
          `${who} ${nth}/${rounds}: killed at ${atMs} ms with ${processesBefore} processes, ${result}`,
        );
      }
    }
    console.log(`${WHO.length * rounds - failures} of ${WHO.length * rounds} left nothing`);
    return failures === 0 ? 0 : 1;
  },
};
