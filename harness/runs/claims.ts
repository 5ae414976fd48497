import { RULES } from "../claims/rules.ts";
import type { Described } from "../claims/settle.ts";
import type { Laboratory } from "../lab/laboratory.ts";
import { starvation } from "../measure/starvation.ts";
import type { Entry } from "./own-file.ts";
import { describedIn } from "./described.ts";
import { keepSettled, recordedIn, settleAll, type SettledRun } from "./settled.ts";
import { trialName, type TrialPlan, type TrialResult } from "./trial.ts";
import { runTrials, type TrialRunOptions } from "./trials.ts";

/** The result of a run that settles claims. */
export interface ClaimsRun {
  settled: SettledRun;
  interrupted: boolean;
  /** How other programs affected the run, in one line; null when they did not. */
  others: string | null;
}

/** Runs the trials that the claims need, settles the claims from the recordings, and writes the result beside them. */
export async function settleClaims(
  ids: string[],
  catalogue: Entry[],
  lab: Laboratory,
  options: Omit<TrialRunOptions, "again">,
): Promise<ClaimsRun> {
  const described = describedIn(catalogue);
  const again = (results: TrialResult[]): TrialResult[] => starvedOf(results, ids, described);
  const { interrupted, others } = await runTrials(plansFor(ids, catalogue), lab, { ...options, again });
  const settled = recordedIn(options.folder, ids, described);
  keepSettled(options.folder, settled);
  return { settled, interrupted, others };
}

/** The trials that were starved of processor time and that an inconclusive claim needs. */
function starvedOf(results: TrialResult[], ids: string[], described: Described): TrialResult[] {
  const byName = new Map(results.map((result) => [trialName(result), result.recording]));
  const needed = settleAll(ids, (trial) => byName.get(trial) ?? null, described)
    .filter(({ verdict }) => verdict === "inconclusive")
    .flatMap(({ under, beyond }) => [...under, ...beyond])
    .filter(({ holds }) => holds === null)
    .flatMap((circumstance) => circumstance.in);
  return results.filter(
    (result) =>
      needed.includes(trialName(result)) &&
      (result.verdict.forWantOfTime === true ||
        (result.recording !== null && starvation(result.recording) !== null)),
  );
}

/** The trials whose recordings decide the claims. Throws when a rule names a trial that is not in the catalogue. */
function plansFor(ids: string[], catalogue: Entry[]): TrialPlan[] {
  const trials = RULES.filter(({ id }) => ids.includes(id)).flatMap(({ under, beyond }) =>
    [...under, ...beyond].flatMap((circumstance) => circumstance.in),
  );
  return [...new Set(trials)].map((trial) => {
    const [id, variant = ""] = trial.split("/");
    const entry = catalogue.find(({ experiment }) => experiment.id === id);
    if (entry === undefined || !(variant in entry.experiment.variants))
      throw new Error(`there is no ${trial}`);
    return { ...entry, variant, repeat: undefined };
  });
}
