import { SetupError, validateSetup } from "./schema.ts";

/** What is wrong with a setup; empty when nothing is. */
export function problems(setup: unknown): string[] {
  try {
    validateSetup(setup);
    return [];
  } catch (error) {
    if (error instanceof SetupError) return error.problems;
    throw error;
  }
}
