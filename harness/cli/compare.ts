import { sentencesOf } from "../compare/sentences.ts";
import { comparisonJson } from "../report/comparison-json.ts";
import { reportComparison } from "../report/compare.ts";
import type { Comparison } from "../model/comparison.ts";
import { LabRun } from "../runs/compare/lab-run.ts";
import { LiveRun } from "../runs/compare/live-run.ts";
import type { RunWatch } from "../runs/watch.ts";
import type { Command } from "./command.ts";
import { liveEndpoint } from "./compare/live-endpoint.ts";
import { readOptions } from "./compare/options.ts";
import { EXIT } from "./exit.ts";
import { dieWithNpm } from "./npm.ts";
import { openLaboratory } from "./open-laboratory.ts";
import { makeFolder } from "./run-folder.ts";
import { shortPath, type Terminal } from "./terminal.ts";
import { watched } from "./watched.ts";

const help = `lastack compare - keep-alive, short connections and N requests a connection, beside one another

Usage: lastack compare [OPTIONS]

Each arm is a closed loop against the project's own correct server, in the lab, over wires of known round-trip
times. Arms take turns, in another order in each repetition; intervals come from the repetitions, by bootstrap.
It ends in sentences: what keep-alive saves here and why, from how many requests a connection on most of it is
saved, what an idle connection costs, when short connections are right, and which arm is limited by what.

  --url URL          instead of the lab: a server that is there already, http or https, on this machine
  --remote-target-is-mine   send to an address that is not loopback or a lab host's
  --rtt LIST         round-trip times in milliseconds (default: 0,1,20)
  --requests LIST    requests a connection of each arm (default: 1,2,5,10,100,unlimited)
  --connections C    connections of an arm at once (default: 7)
  --repetitions N    at each round-trip time (default: 5)
  --seconds S        how long an arm is measured in a repetition, at least (default: 0.4)
  --tls              https: every arm goes through undici
  --out DIR          where recordings go (default: results/runs)
  --json             one JSON document on standard output

With the defaults it takes about 80 s. Exits 0, or 2 when repetitions are missing. Ctrl+C reports what was
measured and exits 130.

Examples:
  lastack compare
  lastack compare --rtt 0,5,50 --json
  lastack compare --requests 1,3,unlimited --connections 47
  lastack compare --url http://127.0.0.1:8080/`;

export const command: Command = {
  help,
  async run(args, terminal) {
    const { plan, url, mine, out, json } = readOptions(args);
    if (url !== null) {
      const to = await liveEndpoint(url, mine, terminal);
      dieWithNpm("SIGTERM");
      const live = { ...plan, tls: to.scheme === "https" };
      const { comparison, interrupted } = await measure(terminal, (watch, signal) =>
        new LiveRun(live, { to, url }, { watch, signal }).all(),
      );
      return conclude(comparison, { json, interrupted }, terminal);
    }
    dieWithNpm("SIGKILL");
    const lab = await openLaboratory(terminal);
    try {
      const folder = makeFolder(out);
      let others: string | null = null;
      const { comparison, interrupted } = await measure(terminal, async (watch, signal) => {
        const run = new LabRun(lab, plan, { folder, watch, signal });
        const comparison = await run.all();
        ({ others } = run);
        return comparison;
      });
      const code = conclude(comparison, { json, interrupted }, terminal);
      if (others !== null) terminal.err(others);
      terminal.err(`Recordings: ${shortPath(folder)}`);
      return code;
    } finally {
      await lab.close();
    }
  },
};

/** Runs a comparison to its end, or until Ctrl+C. */
function measure(
  terminal: Terminal,
  run: (watch: RunWatch, signal: AbortSignal) => Promise<Comparison>,
): Promise<{ comparison: Comparison; interrupted: boolean }> {
  return watched(terminal, async (watch, signal) => ({
    comparison: await run(watch, signal),
    interrupted: signal.aborted,
  }));
}

/** Prints what a comparison came to. Gives the exit code. */
function conclude(
  comparison: Comparison,
  { json, interrupted }: { json: boolean; interrupted: boolean },
  { out, colour, columns }: Terminal,
): number {
  const sentences = sentencesOf(comparison);
  if (json) out(JSON.stringify(comparisonJson(comparison, sentences), null, 2));
  else out(reportComparison(comparison, sentences, { colour, columns }));
  if (interrupted) return EXIT.interrupted;
  return comparison.faults.length > 0 ? EXIT.inconclusive : EXIT.clean;
}
