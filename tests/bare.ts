// Tests the README's first line and the fast tests on a bare machine, a Debian with only Node.js. .ci/run does this by npm run test:bare.
// `npm run soak -- bare` tests both lines, as each kind of user.
import { ACCOUNTS } from "./bare/account.ts";
import { walk } from "./bare/walk.ts";

// They run as an ordinary user, who has fewer rights. The rest of .ci/run has run as root already. Each line takes 16 s on two idle cores.
// The limits only catch a hang: they are three times the time on two busy cores, or more.
process.exitCode = await walk([
  {
    account: ACCOUNTS.ordinary,
    lines: [
      { words: "npm ci && npm start", withinMs: 180_000 },
      { words: "npm run check:fast", withinMs: 120_000 },
    ],
  },
]);
