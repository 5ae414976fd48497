import { resolveTarget, TargetRefused } from "../load/live/resolve.ts";
import { runLoad } from "../load/live/run.ts";
import { readSurroundings } from "../load/live/surroundings.ts";
import type { LoadPlan } from "../load/load-plan.ts";
import type { LoadRun } from "../load/load-run.ts";
import { loadFigures } from "../load/result.ts";
import { judgeThreshold } from "../load/threshold.ts";
import { validity } from "../load/validity.ts";
import { type LoadDocument, loadJson, reportLoad } from "../report/load.ts";
import type { Command } from "./command.ts";
import { UsageError } from "../runs/errors.ts";
import { EXIT, leave } from "./exit.ts";
import { interruptible } from "../runs/interrupt.ts";
import { LoadDisplay } from "./load/display.ts";
import { type Asked, readOptions } from "./load/options.ts";
import { makeResultFolder, writeResult } from "./load/result-folder.ts";
import { targetError } from "./target-error.ts";
import { dieWithNpm } from "./npm.ts";
import { shortPath, type Terminal } from "./terminal.ts";

const help = `lastack load - put load on a server; report latency, and what the kernel did meanwhile

Usage: lastack load URL [OPTIONS]
       URL begins with http://, https:// or tcp://; its host is a name, an IPv4 address or an [IPv6] address

  --mode M       keep-alive (default): each connection carries many requests, one after another; or
                 short: a new connection for each request
  --requests-per-connection N   after N requests, close the connection and open a new one
  --connections C    the most connections open at the same time (default 10)
  --rate R       an open loop: R requests are due per second; latency is measured from when a request was due.
                 Without it, a closed loop: each request is sent as soon as a connection is free
  --duration S   seconds that are measured (default 10)
  --warm-up S    seconds before the measured ones (default 1)
  --timeout S    the longest time that one wait can take (default 5)
  --threads N    threads that share the connections and the rate, with any engine (default 1)
  --engine E     raw (default), undici (the default for https) or autocannon
  --close WHO    who closes a connection first: client (default), server, or reset (the client sends RST)
  --method M     GET (default), HEAD, POST, PUT, PATCH or DELETE
  --body FILE    the body of each request, from a file of at most 16 MiB; the default method is then POST
  --header 'NAME: VALUE'        an additional header; can be repeated
  --send TEXT    the bytes of a tcp request, with \\n, \\r, \\t and \\xNN; the response is one line
  --ca FILE      https: trust the certificates in this file (PEM) instead of those that Node trusts
  --insecure     https without checking the certificate
  --fail-if T    exit 1 when a figure crosses a threshold; can be repeated: 'total.p99 > 50ms',
                 'errors > 0', 'errors > 1%', 'perSecond < 1000', 'connect.p90 >= 2ms'
  --remote-target-is-mine       allow a target address that is not this machine's own
  --out DIR      write load.json, load.hlog (HdrHistogram's log) and looks.ndjson (the census) to DIR
  --verbose      every counter that changed, and the figures of each second
  --json         one JSON document on standard output

Exits 0; 1 when a threshold is crossed; 2 when the run is not valid (the report says which figures cannot be
trusted, and why) or when the figure of a threshold was not measured, or crosses it and cannot be trusted; 69
when --out cannot be written (the report is printed first). Ctrl+C ends the load, reports it, and exits 130.

Examples:
  lastack load http://127.0.0.1:8080/
  lastack load http://127.0.0.1:8080/ --mode short --duration 5
  lastack load tcp://127.0.0.1:8080 --rate 500 --connections 50 --fail-if 'total.p99 > 50ms'
  lastack load http://127.0.0.1:8080/ --json --fail-if 'errors > 0'`;

export const command: Command = {
  help,
  async run(args, terminal) {
    const asked = readOptions(args);
    const { plan, said } = await planFor(asked);
    const folder = asked.out === null ? null : makeResultFolder(asked.out);
    // The load program ends by itself when this process exits, because its output pipe then has no reader.
    dieWithNpm("SIGTERM");
    for (const sentence of [asked.engineSaid, said]) if (sentence !== null) terminal.err(sentence);
    const run = await withDisplay(plan, terminal);
    refuseWhatTheProgramRefuses(run);
    const figures = loadFigures(run);
    const judged = validity(figures, run);
    const document: LoadDocument = {
      figures,
      plan,
      validity: judged,
      thresholds: asked.thresholds.map((one) => judgeThreshold(one, figures, judged.untrusted)),
      notes: [asked.engineSaid, said].filter((sentence) => sentence !== null),
    };
    const json = JSON.stringify(loadJson(document), null, 2);
    const { colour, columns } = terminal;
    terminal.out(asked.json ? json : reportLoad(document, { colour, columns, verbose: asked.verbose }));
    if (folder !== null) {
      writeResult(folder, json, run);
      terminal.err(`Written: ${shortPath(folder)}`);
    }
    return exitCode(document, run);
  },
};

/** The plan, with the target's address. Throws the error of a target that is refused (targetError). */
async function planFor(asked: Asked): Promise<{ plan: LoadPlan; said: string | null }> {
  try {
    const { endpoint, said } = await resolveTarget(asked.target, asked.mine);
    return { plan: { ...asked.plan, to: endpoint }, said };
  } catch (error) {
    if (!(error instanceof TargetRefused)) throw error;
    throw targetError(error);
  }
}

/** Runs the load and displays its progress. Ctrl+C ends the load; a second Ctrl+C exits at once. */
async function withDisplay(plan: LoadPlan, terminal: Terminal): Promise<LoadRun> {
  const display = new LoadDisplay(terminal, plan, readSurroundings(plan.to.address));
  const end = (): void =>
    display.say("Ending the load, and reporting what was measured. Press Ctrl+C again to exit at once.");
  return interruptible({ end, leave: () => leave(EXIT.interrupted) }, (signal) =>
    runLoad(plan, {
      onSecond: (line) => display.tellSecond(line),
      onLook: (look) => display.tellLook(look),
      signal,
    }),
  ).finally(() => display.close());
}

/**
 * Turns the load program's own refusal into a UsageError. The program checks what only it reads (a header, bytes to send) before it sends
 * anything, and prints `NAME: SENTENCE; see --help`.
 */
function refuseWhatTheProgramRefuses({ exit }: LoadRun): void {
  if (exit.code !== EXIT.usage) return;
  const [sentence = ""] = (exit.lastLines.at(-1) ?? "").replace(/^[\w-]+: /, "").split("; see --help");
  throw new UsageError(`${sentence}.`);
}

function exitCode({ validity: { valid }, thresholds }: LoadDocument, { exit }: LoadRun): number {
  if (exit.how === "interrupted") return EXIT.interrupted;
  if (!valid) return EXIT.inconclusive;
  if (thresholds.some(({ outcome }) => outcome === "crossed")) return EXIT.finding;
  return thresholds.some(({ outcome }) => outcome === "unknown") ? EXIT.inconclusive : EXIT.clean;
}
