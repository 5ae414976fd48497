// Plays the same steps on each of many connections to a server, and reports each step: the client of lastack's probes.
import { Crowd } from "./dialogue/crowd.ts";
import { readOptions } from "./dialogue/options.ts";
import { STEP_FORMS } from "./dialogue/step.ts";
import type { Fields } from "./dialogue/told.ts";
import { monotonicUs } from "./load/clock.ts";
import { Output } from "./load/output.ts";

const USAGE = `dialogue: plays the given steps on each of its connections, and reports each step

usage: node dist/clients/dialogue.js --to ADDRESS:PORT [options] STEP ...

options:
  --connections N         how many connections play the steps (1 to 30000; default 1)
  --concurrency C         at most C connections are open at once (default: all)
  --rate R                R connections begin in a second (default: all at once)
  --for MS                no connection begins later (default: all of them begin)
  --repeat K              each connection plays the steps after connect K times (default 1)
  --last STEP             a step after all repeats; can be given more than once
  --tls                   TLS over TCP; any certificate is accepted
  --name NAME             the server's name that TLS asks for (SNI; default: none)
  --receive-buffer BYTES  SO_RCVBUF, set before connect() (the kernel doubles it)
  --report steps|ends     a line for each step, or only for failed ones (default steps)

A step is one argument:
${STEP_FORMS.map((form) => `  ${form}`).join("\n")}

\`connect\` is always the first step, and with --tls \`handshake\` the second; they can be given with a limit of their own.
TEXT has the escapes \\r \\n \\t \\\\ \\{ \\} \\xNN; {n} is the number of the connection, from 1.
MS limits a wait: 5000 by default, for \`together\` 600000, for \`fill\` without limit.
\`send\` and \`drip\` (one byte every MS) send TEXT, \`fill\` sends BYTES of the letter a; each ends when the kernel has the bytes.
\`answer\` reads one HTTP answer (RFC 9112), \`bytes\` at least so many bytes, \`some\` at least one, \`end\` until the other end ends.
\`switch\` reads one HTTP answer, which must be 101 (Switching Protocols); \`close-frame\` reads frames of WebSocket (RFC 6455) up to a Close frame.
\`pause\` stops reading, and \`resume\` goes on. \`shutdown\` sends the FIN of the writing half, \`reset\` an RST.
\`idle\` waits until the connection has been idle for as long as connection 1 was when the other end ended it; connections 2 to N are spread
evenly from SPREAD-MS before that time to SPREAD-MS after it. \`together\` waits until so many connections have reached it, or until no other can come. \`stay\` waits for SIGTERM.
\`try STEP\`: the connection goes on when this step fails. Without \`try\`, a failed step ends its connection.

Prints one JSON line a step, one when the other end ends a connection, and one for each connection that is over. SIGTERM ends
it. The exit code is 0, whatever the outcomes are; 64 for wrong usage.

example, a connection that sends half a request and waits for what the server does about it:
  node dist/clients/dialogue.js --to 127.0.0.1:8080 "send GET / HTTP/1.1\\r\\nHost:" "end 10000"
`;
const WRONG_USAGE = 64;
/** How often lines that wait are looked at. */
const BREATH_MS = 50;

async function play(plan: Exclude<ReturnType<typeof readOptions>, "help">): Promise<void> {
  const output = new Output(process.stdout, () => process.exit(0));
  const crowd = new Crowd(plan, (line: Fields) => {
    output.line(line);
    output.breathe(monotonicUs());
  });
  const breath = setInterval(() => output.breathe(monotonicUs()), BREATH_MS);
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => crowd.stop());
  await crowd.run();
  clearInterval(breath);
  await output.end();
}

async function main(): Promise<number> {
  let asked: ReturnType<typeof readOptions>;
  try {
    asked = readOptions(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`dialogue: ${error instanceof Error ? error.message : String(error)}; see --help\n`);
    return WRONG_USAGE;
  }
  if (asked === "help") process.stdout.write(USAGE);
  else await play(asked);
  return 0;
}

void main().then((code) => process.exit(code));
