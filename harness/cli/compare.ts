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
import { makeFolder, printFolder } from "./run-folder.ts";
import type { Terminal } from "./terminal.ts";
import { watched } from "./watched.ts";

const help = `lastack compare - compare keep-alive, short connections and N requests per connection

Usage: lastack compare [OPTIONS]

An arm is one number of requests per connection. Each arm sends requests in a closed loop to lastack's own
correct server, in the lab, over wires with known round-trip times. The arms take turns, in a different order
in each repetition. Intervals are computed from the repetitions by bootstrap. The report ends with sentences
that say:
  - what keep-alive saves here, and why
  - how many requests per connection are enough to save most of it
  - what an idle connection costs
  - when short connections are right
  - what limits each arm

  --url URL          measure a running http or https server on this machine instead of the lab's server
  --insecure         with --url https://: accept any certificate
  --remote-target-is-mine   allow a target address that is not this machine's own
  --rtt LIST         round-trip times in milliseconds (default: 0,1,20)
  --requests-per-connection LIST   one arm for each number (default: 1,2,5,10,100,unlimited)
  --connections C    open connections of an arm at the same time (default: 7)
  --repeat N         repetitions at each round-trip time (default: 5)
  --duration S       the least time that an arm is measured in a repetition, in seconds (default: 0.4)
  --tls              use https; every arm then uses the undici engine
  --out DIR          the folder for recordings (default: results/runs)
  --json             one JSON document on standard output

The default run takes about 70 s. Exits 0, or 2 when repetitions are missing, when an arm was short of local
ports, or, with --url, when the client was the bottleneck or the server kept no connection. Ctrl+C reports what
was measured and exits 130.

Examples:
  lastack compare
  lastack compare --rtt 0,5,50 --json
  lastack compare --requests-per-connection 1,3,unlimited --connections 47
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
      if (others !== null) terminal.note(others);
      printFolder(folder, terminal);
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

/** Prints the result of a comparison. Returns the exit code. */
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
