import type { Header } from "../model/recording.ts";
import type { Sample } from "../model/sample.ts";
import type { Setup } from "../model/setup.ts";
import { complaints } from "./complaint.ts";
import { headerSchema } from "./header-schema.ts";
import { unsoundReferences } from "./references.ts";
import { sampleSchema } from "./sample-schema.ts";
import { setupSchema } from "./setup-schema.ts";

/** A setup that cannot be run. The message has one line for each problem. */
export class SetupError extends Error {
  override readonly name = "SetupError";
  /** Each begins with its path: `programs.load.host: there is no host "clint". Did you mean client? There are client, server.`. */
  readonly problems: string[];

  constructor(what: string, problems: string[]) {
    super(`${what} cannot be run:\n${problems.map((problem) => `  ${problem}`).join("\n")}`);
    this.problems = problems;
  }
}

/** A parsed value or, if it does not fit the format, a sentence for each problem. */
export type Parsed<T> = { value: T } | { problems: string[] };

/**
 * Checks a setup from an experiment file and returns it: its shape (an unknown key is refused), that every host, program
 * and phase that it names exists, and that its conditions can become true. `what` begins the error's message:
 * "the setup of close-wait-leak/buggy". Throws a SetupError that lists all problems.
 */
export function validateSetup(value: unknown, what = "the setup"): Setup {
  const parsed = setupSchema.safeParse(value, { reportInput: true });
  if (!parsed.success) throw new SetupError(what, complaints(parsed.error));
  const unsound = unsoundReferences(parsed.data);
  if (unsound.length > 0) throw new SetupError(what, unsound);
  return parsed.data;
}

/** The first line of a recording, parsed from JSON. */
export function parseHeader(value: unknown): Parsed<Header> {
  const parsed = headerSchema.safeParse(value, { reportInput: true });
  return parsed.success ? { value: parsed.data } : { problems: complaints(parsed.error) };
}

/** Any other line of a recording, parsed from JSON. */
export function parseSample(value: unknown): Parsed<Sample> {
  const parsed = sampleSchema.safeParse(value, { reportInput: true });
  return parsed.success ? { value: parsed.data } : { problems: complaints(parsed.error) };
}
