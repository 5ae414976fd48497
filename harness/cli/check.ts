import { checked } from "../check/check.ts";
import { type CheckDocument, isFailure } from "../check/document.ts";
import { remember } from "../check/memory.ts";
import { type Wanted, wantedOf } from "../check/wanted.ts";
import { PROBES } from "../probes/all.ts";
import { type CheckReportOptions, listProbes, reportCheck, reportReplay } from "../report/check.ts";
import { junitXml } from "../report/junit.ts";
import { UsageError } from "../runs/errors.ts";
import { writeJunit } from "./check/junit-file.ts";
import { fixedIn, replayed } from "./check/replay.ts";
import { TARGET_OPTIONS, targetOptions } from "./check/target-words.ts";
import { type Command, languageOf, parseOptions, wholeNumber } from "./command.ts";
import { EXIT } from "./exit.ts";
import { dieWithNpm } from "./npm.ts";
import { openLaboratory } from "./open-laboratory.ts";
import { makeFolder, outFolder, printFolder } from "./run-folder.ts";
import { shortPath, type Terminal } from "./terminal.ts";
import { watched } from "./watched.ts";

const DEFAULT_OUT = "results/checks";

const help = `lastack check - probe how your own server handles the life of its connections

Usage: lastack check [OPTIONS] -- COMMAND ...
       lastack check --replay [OPTIONS] [-- COMMAND ...]
       lastack check --list [--json]

It starts the command in a lab: on a host of its own, with its own ports, counters and network. It waits until the
server listens, makes a request, and runs the probes over the wire, each against a new instance of the server.

How to start the server, and how to talk to it:
  --port N       the port to check (default: the one port on which it listens)
  --ready TEXT   it is ready when it has printed TEXT (default: when it listens)
  --env NAME=VALUE  a variable for the server; can be repeated
  --cwd DIR      the folder in which the command is started
  --request 'GET /'  the request that the clients make, a method and a path (default: GET /)
  --raw TEXT     for a protocol that is not HTTP: the bytes of a request, with the escapes \\r, \\n and \\xNN
  --tls          the clients speak TLS, and accept any certificate

What is tried:
  --probe ID     only this probe; can be repeated
  --list         the probes, a line each
  --replay       only the probes that failed in the last check; each is FIXED or FAILED. Without a COMMAND the
                 server is started as in that check
  --patience S   how long a probe waits for the server's own timers, in seconds (default: 10)
  --connections N  the connections of a probe that needs many (default: 997)
  --reuses N     how often a connection is used again at the moment of its idle close (default: 1000)
  --answer-within S  how long a client waits for an answer, in seconds (default: 5)
  --ready-within S   the longest wait until the server is ready, in seconds (default: 10)
  --jobs N       probes at the same time (default: as many as the processors can run)

What is written:
  --strict       a warning fails the check, too
  --junit FILE   also write the results as JUnit XML
  --out DIR      the folder for recordings (default: results/checks)
  --verbose      every claim of every probe
  --lang en|zh   the language of the report's own words (default: en); the probes' sentences are English
  --json         one JSON document on standard output

Grades:
  pass, fail
  warn           a risk under the conditions that are stated
  informational  what the server does where more than one answer is right
  skip           with the reason, which you or the protocol gave
  inconclusive   the recording does not tell

Exits 0 when no probe fails, 1 when one fails, and 2 when something is inconclusive, when no probe was decided,
or when the server could not be checked. Ctrl+C ends the probes, keeps and reports what was measured, and exits 130.

Examples:
  lastack check -- node server.js
  lastack check --port 8080 --request 'GET /health' -- npm start
  lastack check --raw 'PING\\r\\n' -- ./my-cache --port 7000
  lastack check --probe client-closes-first --json -- python3 -m http.server 8000
  lastack check --junit results.xml --strict -- node server.js
  lastack check --replay`;

const OPTIONS = {
  ...TARGET_OPTIONS,
  probe: { type: "string", multiple: true },
  list: { type: "boolean", default: false },
  replay: { type: "boolean", default: false },
  strict: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  junit: { type: "string" },
  jobs: { type: "string" },
  out: { type: "string" },
  verbose: { type: "boolean", default: false },
  lang: { type: "string", default: "en" },
} as const;

export const command: Command = {
  help,
  async run(args, terminal) {
    const end = args.includes("--") ? args.indexOf("--") : args.length;
    const server = args.slice(end + 1);
    const { values, positionals } = parseOptions(args.slice(0, end), OPTIONS);
    const language = languageOf(values.lang);
    if (values.list) return list({ ...values, words: [...positionals, ...server] }, terminal);
    refuseStray(positionals, server);
    const { strict, json, junit } = values;
    if (junit === "") throw new UsageError("--junit takes a file.");
    const jobs = values.jobs === undefined ? undefined : wholeNumber(values.jobs, "--jobs", 1, 64);
    const out = outFolder(values.out ?? DEFAULT_OUT);
    const given = { command: server, options: targetOptions(values) };
    if (values.replay && values.probe !== undefined)
      throw new UsageError("--replay runs the probes that failed: --probe means nothing beside it.");
    const wanted = values.replay ? replayed(out, given) : wantedOf(withCommand(given), values.probe);
    const { colour, columns, rowColumns } = terminal;
    const report = { colour, columns, rowColumns, language, verbose: values.verbose };
    return checkAndReport(
      wanted,
      { ...report, out, jobs, strict, json, junit, isReplay: values.replay },
      terminal,
    );
  },
};

interface HowToCheck extends CheckReportOptions {
  out: string;
  jobs: number | undefined;
  strict: boolean;
  json: boolean;
  junit: string | undefined;
  isReplay: boolean;
}

/** Checks the server and reports what was found; returns the exit code. */
async function checkAndReport(wanted: Wanted, how: HowToCheck, terminal: Terminal): Promise<number> {
  // SIGKILL is safe: the lab ends together with this process.
  dieWithNpm("SIGKILL");
  const lab = await openLaboratory(terminal);
  try {
    const folder = makeFolder(how.out);
    const startedAt = new Date();
    const { document, others } = await watched(terminal, (watch, signal) =>
      checked(wanted, { lab, folder, jobs: how.jobs, watch, signal }),
    );
    remember(wanted.target, document, how.strict);
    const shown = withShortPaths(document);
    if (how.json) terminal.out(JSON.stringify(shown, null, 2));
    else if (shown.notChecked === null)
      terminal.out(how.isReplay ? reportReplay(shown, fixedIn(how.strict), how) : reportCheck(shown, how));
    if (shown.notChecked !== null) terminal.note(`lastack: ${shown.notChecked}`);
    if (others !== null) terminal.note(others);
    printFolder(folder, terminal);
    if (how.junit !== undefined) writeJunit(how.junit, junitXml(shown, { strict: how.strict, startedAt }));
    return exitOfCheck(document, how.strict);
  } finally {
    await lab.close();
  }
}

/** Throws a UsageError for words that are neither options nor behind `--`. */
function refuseStray(positionals: string[], server: string[]): void {
  const [word] = positionals;
  if (word === undefined) return;
  const whole = server.length === 0 ? positionals : [...positionals.slice(1), "...", ...server];
  throw new UsageError(
    server.length === 0
      ? `The server's command comes after "--": lastack check -- ${whole.join(" ")}`
      : `Before "--" come only options, and ${JSON.stringify(word)} is not one.`,
  );
}

function withCommand<T extends { command: string[] }>(given: T): T {
  if (given.command.length > 0) return given;
  throw new UsageError(
    'check needs the command of a server after "--", as in: lastack check -- node server.js',
  );
}

function list({ words, json }: { words: string[]; json: boolean }, terminal: Terminal): number {
  if (words.length > 0) throw new UsageError("--list prints the probes, and takes no command.");
  const rows = PROBES.map(({ id, title, claim, because, explainedBy }) => ({
    id,
    title,
    claim,
    because,
    mode: explainedBy,
  }));
  terminal.out(json ? JSON.stringify(rows, null, 2) : listProbes(rows, { columns: terminal.rowColumns }));
  return EXIT.clean;
}

/** The same document with each path as a user would type it. */
function withShortPaths(document: CheckDocument): CheckDocument {
  const probes = document.probes.map((probe) => ({
    ...probe,
    recording: probe.recording === null ? null : shortPath(probe.recording),
  }));
  return { ...document, probes, folder: shortPath(document.folder) };
}

function exitOfCheck({ probes, decided, interrupted }: CheckDocument, strict: boolean): number {
  if (interrupted) return EXIT.interrupted;
  if (probes.some(({ outcome }) => isFailure(outcome, strict))) return EXIT.finding;
  const isOpen = decided === 0 || probes.some(({ outcome }) => outcome === "inconclusive");
  return isOpen ? EXIT.inconclusive : EXIT.clean;
}
