/** A function of an experiment file was given something that it cannot take. The message names the function and the argument. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}
