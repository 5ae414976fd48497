// What .ci/run tries on a bare machine, a Debian with Node.js and nothing else: the README's first line, and the fast tests.
// npm run test:bare. `npm run soak -- bare` tries both lines, as each kind of user.
import { ACCOUNTS } from "./bare/account.ts";
import { walk } from "./bare/walk.ts";

// As an ordinary user: who has less. As root, the rest of .ci/run has been tried already. Each line takes 16 s on two idle cores; the
// bounds are nets, three times what it took on two busy ones, and more.
process.exitCode = await walk([
  {
    account: ACCOUNTS.ordinary,
    lines: [
      { words: "npm ci && npm start", withinMs: 180_000 },
      { words: "npm run check:fast", withinMs: 120_000 },
    ],
  },
]);
