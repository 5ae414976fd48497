import { Laboratory, LaboratoryUnavailable } from "../lab/laboratory.ts";
import { UnavailableError } from "../runs/errors.ts";
import { whyUnavailable } from "./preflight.ts";
import type { Terminal } from "./terminal.ts";

/** Builds the lab. Throws an UnavailableError that says what this machine lacks, and how to get it. */
export async function openLaboratory(terminal: Terminal): Promise<Laboratory> {
  try {
    return await Laboratory.open();
  } catch (error) {
    if (!(error instanceof LaboratoryUnavailable)) throw error;
    throw new UnavailableError(await whyUnavailable(error.message, terminal));
  }
}
