import type { Round } from "./round.ts";

/** A round for a test. The test gives only the fields that matter to it. */
export function aRound(round: Partial<Round> = {}): Round {
  return {
    side: "here",
    beside: null,
    counts: { confirmed: 17 },
    trials: 17,
    again: 0,
    repetitions: 0,
    seconds: 30,
    cpuSeconds: null,
    unsound: null,
    ...round,
  };
}
