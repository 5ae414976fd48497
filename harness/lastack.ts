// The entry point for other programs (`lastack`): a test suite runs and judges experiments and checks a server with it, without the command line.
export type * from "./model/experiment.ts";
export type { Grade } from "./model/probe.ts";
export type * from "./model/verdict.ts";
export type { CheckDocument, ProbeDocument, ServerDocument } from "./check/document.ts";
export { NotChecked } from "./check/not-checked.ts";
export type { CheckOptions } from "./check/options.ts";
export { check } from "./check/own-server.ts";
export { LaboratoryUnavailable } from "./lab/laboratory.ts";
export { RecordingError } from "./recording/recording-error.ts";
export { loadCatalogue as catalogue } from "./runs/catalogue.ts";
export type { Entry } from "./runs/own-file.ts";
export { InputError, UnavailableError, UsageError } from "./runs/errors.ts";
export type { ExperimentRun } from "./runs/grouped.ts";
export { judgeRecordings as judge } from "./runs/recorded.ts";
export { run, type Run, type RunOptions } from "./runs/run.ts";
export type { TrialResult } from "./runs/trial.ts";
export type { RunWatch } from "./runs/watch.ts";
