import type { Recording } from "../model/recording.ts";
import type { ProgramName } from "../model/names.ts";
import { samplesOf } from "./evidence.ts";

/** Selects reports by program, and by the kind that the program gave them. An absent field selects all. */
export interface Reports {
  program?: ProgramName;
  kind?: string;
}

/** The numbers that programs reported in a field of their own, in the order of the reports: `serviceMs`. */
export function reported(recording: Recording, which: Reports, field: string): number[] {
  return samplesOf(recording, "report")
    .filter((sample) => which.program === undefined || sample.program === which.program)
    .filter((sample) => which.kind === undefined || sample.report["kind"] === which.kind)
    .map((sample) => sample.report[field])
    .filter((value) => typeof value === "number");
}
