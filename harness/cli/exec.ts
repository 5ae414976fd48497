import { LONGEST_SECONDS } from "../exec/arguments.ts";
import { execIn, type Exec } from "../exec/exec.ts";
import { CORRECT, EVIL_SERVERS } from "../exec/evil-servers.ts";
import { knownServers } from "../exec/known-servers.ts";
import { execOrderOf, type ExecOrder, MOST_AT } from "../exec/order.ts";
import { Laboratory, LaboratoryUnavailable } from "../lab/laboratory.ts";
import { readOwnRecording } from "../recording/read.ts";
import { endingCounts } from "../report/attribution.ts";
import { execJson, listEvil, reportExec } from "../report/exec.ts";
import { loadCatalogue } from "../runs/catalogue.ts";
import { UnavailableError, UsageError } from "../runs/errors.ts";
import { interruptible } from "../runs/interrupt.ts";
import { type Command, parseOptions, seconds, wholeNumber } from "./command.ts";
import { EXIT, exitOf, leave } from "./exit.ts";
import { dieWithNpm } from "./npm.ts";
import { whyUnavailable } from "./preflight.ts";
import { makeFolder, outFolder, printFolder } from "./run-folder.ts";
import { shortPath, type Terminal } from "./terminal.ts";

const DEFAULT_OUT = "results/execs";

const help = `lastack exec - run your own client against a server that misbehaves, and see its side of the connections

Usage: lastack exec --server ID/VARIANT [OPTIONS] -- COMMAND ...
       lastack exec --serve 'COMMAND' [OPTIONS] -- COMMAND ...
       lastack exec --list

The command runs in a lab, on a host of its own. The server is on another host, and a wire is between them. Its address
is in the command's environment: LASTACK_URL, LASTACK_HOST and LASTACK_PORT. In the command's words, {LASTACK_URL},
{LASTACK_HOST} and {LASTACK_PORT} are replaced. What the command prints goes to this terminal.

  --server ID/VARIANT  a reference server: one of those for clients (--list), or one of the catalogue
  --serve 'COMMAND'    your own server instead, as one text
  --port N       the port of your own server, if it listens on several
  --ready-within S   how long your own server may take until it listens, in seconds (default: 10)
  --at N         the byte at which a server for clients stops that stops at a byte (--list)
  --wire WORD    what the wire does; can be repeated:
                   delay=50ms, one way; rate=1mbit; loss=1%, and with seed=7 other segments than with seed=1
                   drop=SYN:2: the second SYN of the client; others are SYN-ACK, REQUEST, ANSWER and FIN;
                     SYN:1-3 are the first three, SYN:2- all from the second on
                   corrupt=ANSWER:1, hold=ANSWER:1:500ms, repeat=ANSWER:1 (once more at once, or repeat=ANSWER:1:500ms)
                   @FILE: rules as JSON (docs/wire.md)
  --timeout S    the longest run of the command, in seconds (default: 60)
  --cwd DIR      the folder in which the commands are started
  --out DIR      the folder for recordings (default: results/execs)
  --list         the servers for clients, a line each, and how to list the others
  --json         one JSON document on standard output; what the command prints goes to standard error

The client's host is judged with the symptoms of lastack doctor. Exits 0 when nothing was found, 1 when something was
found, and 2 when it could not be told. The command's own exit code is printed.

Examples:
  lastack exec --list
  lastack exec --server for-clients/closes-idle -- node client.js
  lastack exec --server for-clients/truncates -- curl -sS {LASTACK_URL}
  lastack exec --server for-clients/resets-at-byte --at 100 -- python3 client.py
  lastack exec --server for-clients/answers --wire delay=50ms --wire loss=1% -- python3 client.py
  lastack exec --serve 'nginx -c site.conf' --json -- ./my-load-test`;

const OPTIONS = {
  server: { type: "string" },
  serve: { type: "string" },
  port: { type: "string" },
  "ready-within": { type: "string" },
  at: { type: "string" },
  wire: { type: "string", multiple: true },
  timeout: { type: "string" },
  cwd: { type: "string" },
  out: { type: "string" },
  list: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

export const command: Command = {
  help,
  async run(args, terminal) {
    const end = args.includes("--") ? args.indexOf("--") : args.length;
    const words = args.slice(end + 1);
    const { values, positionals } = parseOptions(args.slice(0, end), OPTIONS);
    const { server, serve, wire, cwd, json } = values;
    if (values.list) return list([...positionals, ...words], terminal);
    const [stray] = positionals;
    if (stray !== undefined)
      throw new UsageError(
        words.length === 0
          ? `The client's command comes after "--": lastack exec --server for-clients/answers -- ${positionals.join(" ")}`
          : `Before "--" come only options, and ${JSON.stringify(stray)} is not one.`,
      );
    if (words.length > 0 && server === undefined && serve === undefined)
      throw new UsageError(
        `exec needs a server: --server ID/VARIANT, or --serve 'COMMAND' for your own. There are:\n\n${serversInWords(terminal.rowColumns)}`,
      );
    const order = execOrderOf(
      words,
      {
        ...(server !== undefined && { server }),
        ...(serve !== undefined && { serve }),
        ...(values.port !== undefined && { port: wholeNumber(values.port, "--port", 1, 65_535) }),
        ...(values.at !== undefined && { at: wholeNumber(values.at, "--at", 0, MOST_AT) }),
        ...(wire !== undefined && { wire }),
        ...(cwd !== undefined && { cwd }),
        ...(values["ready-within"] !== undefined && {
          readyWithin: seconds(values["ready-within"], "--ready-within", LONGEST_SECONDS),
        }),
        ...(values.timeout !== undefined && {
          timeout: seconds(values.timeout, "--timeout", LONGEST_SECONDS),
        }),
      },
      knownServers(await loadCatalogue()),
    );
    return execAndReport(order, { out: outFolder(values.out ?? DEFAULT_OUT), json }, terminal);
  },
};

/** Runs the command and reports; returns the exit code. */
async function execAndReport(
  order: ExecOrder,
  { out, json }: { out: string; json: boolean },
  terminal: Terminal,
): Promise<number> {
  // SIGKILL is safe: the lab ends together with this process.
  dieWithNpm("SIGKILL");
  const lab = await openWithOutput(json, terminal);
  try {
    const folder = makeFolder(out);
    const experiments = (await loadCatalogue()).map(({ experiment }) => experiment);
    const done = await interruptible({ end: () => {}, leave: () => leave(EXIT.interrupted) }, (signal) =>
      execIn(order, { lab, folder, experiments, signal, isShown: true }),
    );
    print(done, json, terminal);
    printFolder(folder, terminal);
    return done.end.endedBy === "interrupt" ? EXIT.interrupted : exitOf(done.outcome);
  } finally {
    await lab.close();
  }
}

function print(done: Exec, json: boolean, terminal: Terminal): void {
  const shown = { ...done, recording: shortPath(done.recording) };
  if (json) return terminal.out(JSON.stringify(execJson(shown), null, 2));
  const { colour, columns } = terminal;
  const attributions = endingCounts(readOwnRecording(done.recording));
  terminal.out(reportExec(shown, { colour, columns, attributions }));
}

/** A lab whose programs can write to this terminal; with --json only to standard error, because standard output is the document's. */
async function openWithOutput(json: boolean, terminal: Terminal): Promise<Laboratory> {
  try {
    return await Laboratory.open({ stdout: json ? 2 : 1, stderr: 2 });
  } catch (error) {
    if (!(error instanceof LaboratoryUnavailable)) throw error;
    throw new UnavailableError(await whyUnavailable(error.message, terminal));
  }
}

function list(words: readonly string[], terminal: Terminal): number {
  if (words.length > 0) throw new UsageError("--list prints the servers, and takes no command.");
  terminal.out(serversInWords(terminal.rowColumns));
  return EXIT.clean;
}

/** The servers that --server takes, a line each for those for clients. */
function serversInWords(columns: number): string {
  const correct = { name: CORRECT, title: "answers, and does nothing wrong", copes: "", explainedBy: "" };
  return [
    ...listEvil([correct, ...EVIL_SERVERS], columns),
    "",
    '"lastack serve --list" lists the servers of the catalogue: --server takes them, too.',
  ].join("\n");
}
