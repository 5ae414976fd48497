import { gather, readRepetition } from "../load/compare/gather.ts";
import { heldOf } from "../load/compare/hold.ts";
import { sentencesOf } from "../load/compare/sentences.ts";
import type { Comparison, ComparisonPlan } from "../model/comparison.ts";
import type { Laboratory } from "../lab/laboratory.ts";
import { comparisonJson } from "../report/comparison-json.ts";
import { reportComparison } from "../report/compare.ts";
import type { Command } from "./command.ts";
import { readOptions, type CompareOptions } from "./compare/options.ts";
import { piecesOf, runPiece, type Piece, type Ran } from "./compare/trials.ts";
import { EXIT } from "./exit.ts";
import { dieWithNpm } from "./npm.ts";
import { openLaboratory } from "./open-laboratory.ts";
import { ProgressDisplay } from "./progress.ts";
import { makeFolder } from "./run-folder.ts";
import { shortPath, type Terminal } from "./terminal.ts";
import { inParallel } from "./trials.ts";

const help = `lastack compare - keep-alive, short connections and N requests a connection, beside one another

Usage: lastack compare [OPTIONS]

Each arm is a closed loop against the project's own correct server, in the lab, over wires of known round-trip
times. Arms take turns, in another order in each repetition; intervals come from the repetitions, by bootstrap.
It ends in sentences: what keep-alive saves here and why, from how many requests a connection on most of it is
saved, what an idle connection costs, when short connections are right, and which arm is limited by what.

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
  lastack compare --requests 1,3,unlimited --connections 47`;

export const command: Command = {
  help,
  async run(args, terminal) {
    const options = readOptions(args);
    dieWithNpm("SIGKILL");
    const lab = await openLaboratory(terminal);
    try {
      return await new ComparisonRun(lab, options, terminal).all();
    } finally {
      await lab.close();
    }
  },
};

/** Spoiled repetitions are taken again as long as it has not taken longer than this, so that an end is in sight. */
const AGAIN_UNTIL_MS = 75_000;

/** A comparison from its first trial to its exit code. */
class ComparisonRun {
  readonly #lab: Laboratory;
  readonly #plan: ComparisonPlan;
  readonly #json: boolean;
  readonly #folder: string;
  readonly #terminal: Terminal;
  readonly #display: ProgressDisplay;
  readonly #ran: Ran[] = [];
  readonly #beganMs = performance.now();
  #interrupted = false;

  constructor(lab: Laboratory, { plan, out, json }: CompareOptions, terminal: Terminal) {
    this.#lab = lab;
    this.#plan = plan;
    this.#json = json;
    this.#terminal = terminal;
    this.#folder = makeFolder(out);
    const { holds, repetitions } = piecesOf(plan);
    this.#display = new ProgressDisplay(terminal, holds.length + repetitions.length);
  }

  async all(): Promise<number> {
    const interrupt = (): void => {
      // The second time somebody is in a hurry: the lab dies with this process.
      if (this.#interrupted) process.exit(EXIT.interrupted);
      this.#interrupted = true;
      this.#display.say("Ending the trial; what was measured is reported. Once more to leave at once.");
      void this.#lab.stop();
    };
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    try {
      const { holds, repetitions } = piecesOf(this.#plan);
      await this.#run(repetitions, 1);
      for (const one of this.#ran.filter((ran) => faultOf(this.#plan, ran) !== null)) await this.#again(one);
      await this.#run(holds, holds.length);
    } finally {
      this.#display.close();
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
    }
    return this.#conclude();
  }

  async #run(pieces: Piece[], jobs: number): Promise<void> {
    const where = { lab: this.#lab, folder: this.#folder, display: this.#display };
    await inParallel(
      pieces,
      jobs,
      async (piece) => void this.#ran.push(await runPiece(piece, this.#plan, where)),
      () => this.#interrupted,
    );
  }

  /** Takes a repetition again, once: what others did on the machine has spoiled it. */
  async #again(spoiled: Ran): Promise<void> {
    if (this.#interrupted || performance.now() - this.#beganMs > AGAIN_UNTIL_MS) return;
    const { piece } = spoiled;
    this.#display.say(`${nameOf(piece)} is taken again: ${faultOf(this.#plan, spoiled)}.`);
    this.#ran.splice(this.#ran.indexOf(spoiled), 1);
    await this.#run([{ ...piece, repetition: piece.repetition + this.#plan.repetitions }], 1);
  }

  #conclude(): number {
    const comparison = comparisonOf(this.#plan, this.#ran);
    const sentences = sentencesOf(comparison);
    const { out, err, colour, columns } = this.#terminal;
    if (this.#json) out(JSON.stringify(comparisonJson(comparison, sentences), null, 2));
    else out(reportComparison(comparison, sentences, { colour, columns }));
    err(`Recordings: ${shortPath(this.#folder)}`);
    if (this.#interrupted) return EXIT.interrupted;
    return comparison.faults.length > 0 ? EXIT.inconclusive : EXIT.clean;
  }
}

function comparisonOf(plan: ComparisonPlan, ran: readonly Ran[]): Comparison {
  const trials = ran.flatMap((one) =>
    "recording" in one && one.piece.rttMs !== null
      ? [{ rttMs: one.piece.rttMs, repetition: one.piece.repetition, recording: one.recording }]
      : [],
  );
  const idle = ran.flatMap((one) => ("recording" in one && one.piece.rttMs === null ? [one.recording] : []));
  const failed = ran.flatMap((one) => ("fault" in one ? [`${nameOf(one.piece)}: ${one.fault}`] : []));
  const { arms, contrasts, faults } = gather(plan, trials);
  const held = heldOf(idle);
  const unheld =
    idle.length > 0 && held === null ? ["idle connections: no trial was seen to hold all of them"] : [];
  return {
    ...{ plan, engine: plan.tls ? "undici" : "raw", url: null, arms, contrasts, held },
    faults: [...failed, ...faults, ...unheld],
  };
}

function faultOf(plan: ComparisonPlan, ran: Ran): string | null {
  if ("fault" in ran) return ran.fault;
  const { rttMs, repetition } = ran.piece;
  if (rttMs === null) return null;
  const read = readRepetition(plan, { rttMs, repetition, recording: ran.recording });
  return "fault" in read ? read.fault : null;
}

function nameOf({ rttMs, repetition }: Piece): string {
  return rttMs === null ? `idle connections, trial ${repetition}` : `repetition ${repetition} at ${rttMs} ms`;
}
