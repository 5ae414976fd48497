/** The server could not be checked. The message says what happened, with the last lines that the server printed. */
export class NotChecked extends Error {
  override readonly name = "NotChecked";
}

/** Somebody stopped the check before it was known how to talk to the server. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}
