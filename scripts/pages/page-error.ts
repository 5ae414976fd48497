/** A page that cannot be built; the message is the reason. */
export class PageError extends Error {
  override readonly name = "PageError";
}
