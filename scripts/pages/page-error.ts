/** A page that cannot be built, and why. */
export class PageError extends Error {
  override readonly name = "PageError";
}
