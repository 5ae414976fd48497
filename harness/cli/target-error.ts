import type { TargetRefused } from "../load/live/resolve.ts";
import { UnavailableError, UsageError } from "../runs/errors.ts";

/** The error of a command whose target was refused: 64 for a target that is not allowed or does not exist, 69 without a resolver. */
export function targetError({ kind, message }: TargetRefused): UsageError | UnavailableError {
  return kind === "unasked" ? new UnavailableError(`lastack: ${message}`) : new UsageError(message);
}
