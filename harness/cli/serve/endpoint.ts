import { isIPv6 } from "node:net";
import { parseArgs } from "node:util";

/** Where a server is asked to listen. */
export interface Endpoint {
  host: string;
  port: string;
}

/** Where a server listens that gets these words, the last `--host` and `--port` of which count, as for parseArgs (node:util). */
export function endpointOf(words: string[]): Endpoint {
  const { values } = parseArgs({
    args: words,
    options: { host: { type: "string" }, port: { type: "string" } },
    strict: false,
  });
  return { host: String(values.host), port: String(values.port) };
}

/** `127.0.0.1:8080`; an address that stands for all says so: `[::]:8080 (every address of this machine)`. */
export function shownEndpoint({ host, port }: Endpoint): string {
  const every = host === "0.0.0.0" || host === "::" ? " (every address of this machine)" : "";
  return `${isIPv6(host) ? `[${host}]` : host}:${port}${every}`;
}
