// Makes the system calls that it is told, one after another, and tells what each came to: either end of a connection, to the letter.
import { writeSync } from "node:fs";
import { FORMS, readCall, type Call } from "./calls/call.ts";
import { Player, type Told } from "./calls/player.ts";

const USAGE = `calls: makes system calls on one socket after another, as told, and reports each

usage: node dist/clients/calls.js [--times N] CALL ...

A call is one argument:
${FORMS.map((form) => `  ${form}`).join("\n")}

\`listen\` sets SO_REUSEADDR unless that was \`set\` before, and prints \`ready PORT\`; \`unlisten\` closes what listens. \`accept\`
and \`connect\` take a socket in hand, \`close\` and \`keep\` give it away; all else is done to the one in hand. Calls wait, except
\`offer\`, which sends as much as both ends have room for, and is over when that stays full for 50 ms. The bytes that a
connection sends are all one letter, \`a\` for the first.
\`share\` gives a copy of the one in hand to a child process, which does nothing with it and ends when we do. \`stay\` waits for
SIGTERM. --times repeats all calls, 1 to 10000.

Prints one JSON line a call. A call that fails is reported, and the next one is made: the exit code is 0. 64 for wrong usage.

example, a connection that is closed by the client, and one more:
  node dist/clients/calls.js --times 2 "connect 127.0.0.1:8080" "send 97" "recv 97" close
`;
const WRONG_USAGE = 64;
const MOST_TIMES = 10_000;

function read(args: string[]): { calls: Call[]; times: number } | "help" {
  if (args.includes("--help")) return "help";
  const rest = [...args];
  let times = 1;
  if (rest[0] === "--times") {
    times = Number(rest[1]);
    if (!Number.isInteger(times) || times < 1 || times > MOST_TIMES) {
      throw new Error(`--times takes a whole number from 1 to ${MOST_TIMES}, not ${JSON.stringify(rest[1])}`);
    }
    rest.splice(0, 2);
  }
  if (rest.length === 0) throw new Error("no call was told");
  return { calls: rest.map(readCall), times };
}

function play({ calls, times }: { calls: Call[]; times: number }): void {
  const say = (line: string): void => void writeSync(1, `${line}\n`);
  const player = new Player(
    (told: Told) => say(JSON.stringify(told)),
    (port) => say(`ready ${port}`),
  );
  for (let time = 0; time < times; time += 1) for (const call of calls) player.make(call);
}

function main(): number {
  let asked: ReturnType<typeof read>;
  try {
    asked = read(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`calls: ${error instanceof Error ? error.message : String(error)}; see --help\n`);
    return WRONG_USAGE;
  }
  if (asked === "help") process.stdout.write(USAGE);
  else play(asked);
  return 0;
}

process.exitCode = main();
