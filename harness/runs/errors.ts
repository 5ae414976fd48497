/** The command line is wrong, or names something that does not exist. The message says what is wrong and what would be right. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** The machine lacks something. The message says what is missing and how to get it. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}

/** A file, folder or process that the command line names is missing or unusable. */
export class InputError extends Error {
  override readonly name = "InputError";
}
