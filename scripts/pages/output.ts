import type { ClaimResult } from "../../harness/claims/claim.ts";
import type { Recorded } from "../../harness/claims/settle.ts";
import { STATEMENTS } from "../../harness/claims/statements.ts";
import type { Experiment } from "../../harness/model/experiment.ts";
import type { Recording } from "../../harness/model/recording.ts";
import { attributionText } from "../../harness/report/attribution.ts";
import { listClaims } from "../../harness/report/claims-list.ts";
import { reportClaim, reportClaims } from "../../harness/report/claims.ts";
import { hasLadder, ladder } from "../../harness/report/ladder.ts";
import type { ExperimentResult, VariantResult } from "../../harness/report/result.ts";
import { reportExperiment, reportSummary } from "../../harness/report/text.ts";
import { choiceOf } from "../../harness/runs/choice.ts";
import { variantsOf } from "../../harness/runs/plan.ts";
import { judgeVariant } from "../../harness/verdict/judge.ts";
import type { PageCommand } from "./command.ts";
import { PageError } from "./page-error.ts";
import type { ExpectedGrades } from "../../tests/check/expected/row.ts";

/** The sources of pages. */
export interface Sources {
  /** The catalogue, in its order. */
  experiments: Experiment[];
  /** The committed recording of a trial, `experiment/variant`; null when there is none. */
  recorded: Recorded;
  /** The results of claims on these recordings, and the kernel that made them. */
  settled: (ids: string[]) => { kernel: string; results: ClaimResult[] };
  /** What the probes of `lastack check` must find at the reference servers. */
  expected: readonly ExpectedGrades[];
}

/** The greatest width of a report, without colour. */
const PLAIN = { colour: false, columns: 100 };

/**
 * The lines that a command prints for the committed recordings, without empty lines at the beginning and at the end. For a run: the lines
 * that it would print if it had made these recordings. Throws a PageError when the command names something that does not exist.
 */
export function outputOf(command: PageCommand, sources: Sources): string[] {
  const lines = printed(command, sources).split("\n");
  const isText = (line: string): boolean => line !== "";
  return lines.slice(lines.findIndex(isText), lines.findLastIndex(isText) + 1);
}

function printed(command: PageCommand, sources: Sources): string {
  switch (command.kind) {
    case "run":
      return ranText(command, sources);
    case "report":
    case "judge": {
      const options = { ...PLAIN, verbose: command.verbose, pressure: command.kind === "report" };
      return resultsOf(command.recordings.map(trialAt), sources)
        .map(({ experiment, results }) => reportExperiment(experiment, results, options))
        .join("\n");
    }
    case "ladder":
      return command.recordings.map((path) => drawn(path, command, sources)).join("\n");
    case "ends":
      return command.recordings
        .map((path) => attributionText(recordingOf(trialAt(path), sources), PLAIN))
        .join("\n");
    case "claims":
      return claimsText(command, sources);
  }
}

function ranText({ ids, all, variant, verbose }: PageCommand & { kind: "run" }, sources: Sources): string {
  const { experiments } = sources;
  const choices = ids.map(choiceOf);
  const unknown = choices.find(({ name }) => !experiments.some(({ id }) => id === name));
  if (unknown !== undefined) throw new PageError(`there is no experiment ${unknown.name}`);
  const isChosen = (id: string, name: string): boolean =>
    choices.some((one) => one.name === id && (one.variant === null || one.variant === name));
  const trials = experiments.flatMap((experiment) =>
    variantsOf(experiment)
      .filter(
        (name) =>
          all || (ids.length === 0 ? experiment.tags.includes("tour") : isChosen(experiment.id, name)),
      )
      .filter((name) => variant === undefined || name === variant)
      .map((name) => `${experiment.id}/${name}`),
  );
  if (trials.length === 0) throw new PageError(`${ids.join(", ")} has no variant ${variant ?? ""}`);
  const groups = resultsOf(trials, sources);
  const options = { ...PLAIN, verbose };
  const reports = groups.map(({ experiment, results }) => reportExperiment(experiment, results, options));
  return [...reports, reportSummary(groups, options)].join("\n");
}

function drawn(
  path: string,
  { connection, link }: PageCommand & { kind: "ladder" },
  sources: Sources,
): string {
  const recording = recordingOf(trialAt(path), sources);
  const which = { ...(connection !== undefined && { connection }), ...(link !== undefined && { link }) };
  const text = ladder(recording, { ...which, ...PLAIN });
  if (!hasLadder(recording, which)) throw new PageError(`${path}: ${text}`);
  return text;
}

function claimsText(
  { ids, verbose, language }: PageCommand & { kind: "claims" },
  { settled, recorded }: Sources,
): string {
  const unknown = ids.find((id) => !STATEMENTS.some((statement) => statement.id === id));
  if (unknown !== undefined) throw new PageError(`there is no claim ${unknown}`);
  const statements = STATEMENTS.filter(({ id }) => ids.length === 0 || ids.includes(id));
  const { kernel, results } = settled(statements.map(({ id }) => id));
  const rows = statements.flatMap((statement) =>
    results.filter(({ id }) => id === statement.id).map((result) => ({ statement, result })),
  );
  const options = { ...PLAIN, language };
  if (ids.length > 0) return rows.map((row) => reportClaim(row, recorded, options)).join("\n");
  return (verbose ? reportClaims : listClaims)(rows, kernel, options);
}

/** Trials judged from their committed recordings, by experiment in the order of the first of each. */
function resultsOf(trials: string[], sources: Sources): ExperimentResult[] {
  const results = trials.map((trial) => {
    const [id = "", variant = ""] = trial.split("/");
    const experiment = sources.experiments.find((one) => one.id === id);
    if (experiment === undefined || !variantsOf(experiment).includes(variant))
      throw new PageError(`the catalogue has no ${trial}`);
    return { experiment, result: resultOf(experiment, variant, recordingOf(trial, sources)) };
  });
  return [...new Set(results.map(({ experiment }) => experiment))].map((experiment) => ({
    experiment,
    results: results.filter((one) => one.experiment === experiment).map(({ result }) => result),
  }));
}

function resultOf(experiment: Experiment, variant: string, recording: Recording): VariantResult {
  return {
    variant,
    recording,
    verdict: judgeVariant(experiment, variant, recording),
    path: `results/reference/${experiment.id}/${variant}.ndjson`,
    seconds: (recording.samples.at(-1)?.atUs ?? 0) / 1e6,
  };
}

function recordingOf(trial: string, { recorded }: Sources): Recording {
  const recording = recorded(trial);
  if (recording === null)
    throw new PageError(
      `there is no committed recording of ${trial}: npm run record -- ${trial.split("/")[0]}`,
    );
  return recording;
}

/** The trial of a recording: `results/reference/close-wait-leak/buggy.ndjson` -> `close-wait-leak/buggy`. */
function trialAt(path: string): string {
  return path
    .split("/")
    .slice(-2)
    .join("/")
    .replace(/\.ndjson$/, "");
}
