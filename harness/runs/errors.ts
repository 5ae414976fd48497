/** What was asked for is not there, or cannot be asked for. The message says what, and what would be right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The machine lacks something. The message says what, and how to get it. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}

/** Something outside that was pointed at is not as it should be: a file, a folder, a process. */
export class InputError extends Error {
  override readonly name = "InputError";
}
