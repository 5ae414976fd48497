/** The methods that a load can have (RFC 9110 section 9.3, RFC 5789). */
export const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
export type Method = (typeof METHODS)[number];

/** The methods whose requests have a body, if it is empty, too: without Content-Length a server could wait for one (RFC 9110 section 8.6). */
const WITH_BODY: ReadonlySet<Method> = new Set<Method>(["POST", "PUT", "PATCH"]);

/** Whether requests with this method have a body. */
export function hasBody(method: Method): boolean {
  return WITH_BODY.has(method);
}

/** The largest body: every connection and thread sends it from memory. */
const BODY_MOST = 16 * 1024 * 1024;

/** Why a body of this size cannot go with a method, in a sentence without its stop; null if it can. */
export function bodyRefusal(method: Method, bytes: number): string | null {
  if (!hasBody(method))
    return `--body is for ${[...WITH_BODY].join(", ")}: a ${method} request has no body here`;
  if (bytes > BODY_MOST) return `--body takes a file of at most ${BODY_MOST / 1024 / 1024} MiB`;
  return null;
}
