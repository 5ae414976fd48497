import { Laboratory, LaboratoryUnavailable } from "../lab/laboratory.ts";
import { UnavailableError } from "../runs/errors.ts";
import { whyUnavailable } from "./preflight.ts";
import type { Terminal } from "./terminal.ts";

/** The lab, built. Throws an UnavailableError that says what this machine lacks, and what works. */
export async function openLaboratory(terminal: Terminal): Promise<Laboratory> {
  try {
    return await Laboratory.open();
  } catch (error) {
    if (!(error instanceof LaboratoryUnavailable)) throw error;
    throw new UnavailableError(await whyUnavailable(error.message, terminal));
  }
}
