import { ACCOUNTS } from "../bare/account.ts";
import { walk } from "../bare/walk.ts";
import type { Soak } from "../soak.ts";

/** The README's two lines, and how long each may take on two cores. */
const LINES = [
  { words: "npm ci && npm start", withinMs: 180_000 },
  { words: "npm ci && npm test", withinMs: 1_800_000 },
];

/** The README's two lines pass on a machine that has Node.js and a minimal Debian, as root and as an ordinary user. */
export const soak: Soak = {
  name: "bare",
  summary: "the README's two lines on a machine with Node.js and nothing else, as each kind of user",
  rounds: 1,
  run(rounds) {
    const visits = [ACCOUNTS.ordinary, ACCOUNTS.root].map((account) => ({ account, lines: LINES }));
    return walk(Array.from({ length: rounds }, () => visits).flat());
  },
};
