import { ACCOUNTS } from "../bare/account.ts";
import { walk } from "../bare/walk.ts";
import type { Soak } from "../soak.ts";

/** The README's two lines, and the time limit of each on two cores. */
const LINES = [
  { words: "npm ci && npm start", withinMs: 180_000 },
  { words: "npm ci && npm test", withinMs: 1_800_000 },
];

/** Checks that the README's two lines pass on a minimal Debian with Node.js, as root and as an ordinary user. */
export const soak: Soak = {
  name: "bare",
  summary: "the README's two lines on a machine with only Node.js, as each kind of user",
  rounds: 1,
  run(rounds) {
    const visits = [ACCOUNTS.ordinary, ACCOUNTS.root].map((account) => ({ account, lines: LINES }));
    return walk(Array.from({ length: rounds }, () => visits).flat());
  },
};
