import type { Recording } from "../model/recording.ts";
import type { ProgramName } from "../model/names.ts";
import { samplesOf } from "./evidence.ts";

/** Which reports are meant: of a program, and of a kind that it gave them. What is absent is not asked. */
export interface Reports {
  program?: ProgramName;
  kind?: string;
}

/** A number that programs reported of themselves under a name of their own, in the order they did: `serviceMs`. */
export function reported(recording: Recording, which: Reports, field: string): number[] {
  return samplesOf(recording, "report")
    .filter((sample) => which.program === undefined || sample.program === which.program)
    .filter((sample) => which.kind === undefined || sample.report["kind"] === which.kind)
    .map((sample) => sample.report[field])
    .filter((value) => typeof value === "number");
}
