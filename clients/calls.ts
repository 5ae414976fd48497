// Makes the given system calls, one after another, and prints the result of each. It can play either end of a connection.
import { writeSync } from "node:fs";
import { FORMS, readCall, type Call } from "./calls/call.ts";
import { Player, type Told } from "./calls/player.ts";

const USAGE = `calls: makes the given system calls on one socket after another, and reports each

usage: node dist/clients/calls.js [--times N] CALL ...

A call is one argument:
${FORMS.map((form) => `  ${form}`).join("\n")}

\`listen\` sets SO_REUSEADDR unless \`set\` has set it before, and prints \`ready PORT\`; \`unlisten\` closes the listening socket.
The program has one current socket. \`accept\` and \`connect\` make a socket current; \`close\` closes it, and \`keep\` leaves it
open but no longer current. All other calls are made on the current socket.
Calls wait until they are done, except \`offer\`: it sends as much as both ends have room for, and ends when there has been no
room for 50 ms. All bytes that a connection sends are the same letter, \`a\` on the first connection.
\`disconnect\` is connect() with AF_UNSPEC: it resets the connection, and the socket can connect again.
\`share\` gives a copy of the current socket to a child process, which does not use it and ends with this program.
\`stay\` waits for SIGTERM. --times repeats all calls, 1 to 10000.

Prints one JSON line a call. A call that fails is reported, and the next call is made; the exit code is 0. 64 for wrong usage.

example, a connection that the client closes, and then another one:
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
  if (rest.length === 0) throw new Error("no call was given");
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
