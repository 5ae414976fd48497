import type { Endpoint, Scheme } from "./load-plan.ts";
import { SCHEMES } from "./load-plan.ts";

/** The parts of a URL, before its host is looked up. `host` is a name, or an address in numbers without brackets. */
export interface Target {
  scheme: Scheme;
  host: string;
  isAddress: boolean;
  port: number;
  path: string;
}

/** IANA's ports for the schemes; tcp has none. */
const PORTS: Record<Scheme, number | null> = { http: 80, https: 443, tcp: null };

/**
 * The parts of an http, https or tcp URL. Errors: RangeError with a sentence for the user. The WHATWG URL parser reads all three: so
 * `http://0x7f.1` is 127.0.0.1, and `http://[0:0::1]` is ::1.
 */
export function parseTarget(text: string): Target {
  const scheme = SCHEMES.find((one) => text.toLowerCase().startsWith(`${one}://`));
  if (scheme === undefined) {
    const wanted = SCHEMES.map((one) => `${one}://`).join(", ");
    throw new RangeError(`A target begins with one of ${wanted}, and ${JSON.stringify(text)} does not.`);
  }
  const rest = text.slice(scheme.length);
  // The text is parsed as https, because the parser does not normalise the host of an unknown scheme.
  if (!URL.canParse(`https${rest}`) || /^:\/\/[/\\]/.test(rest)) {
    throw new RangeError(`${JSON.stringify(text)} is no URL: write it like ${scheme}://127.0.0.1:8080`);
  }
  const url = new URL(`https${rest}`);
  if (url.username !== "" || url.password !== "") {
    throw new RangeError("A target has no user and no password: send them with --header.");
  }
  const port = portOf(scheme, rest);
  const path = url.pathname + url.search;
  if (scheme === "tcp" && path !== "/") {
    throw new RangeError(`A tcp target has no path: write tcp://${url.host}`);
  }
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const isAddress = url.hostname.startsWith("[") || /^[\d.]+$/.test(host);
  return { scheme, host: isAddress ? plain(host) : host, isAddress, port, path };
}

function portOf(scheme: Scheme, rest: string): number {
  // The parser omits a scheme's default port, even if it was written. A port that is omitted for both schemes was not written.
  const url = new URL(`https${rest}`);
  const written = url.port === "" ? new URL(`http${rest}`).port : url.port;
  const port = written === "" ? PORTS[scheme] : Number(written);
  if (port === null) {
    throw new RangeError(`A tcp target names its port: write it like tcp://${url.hostname}:8080`);
  }
  if (port === 0) throw new RangeError("Nothing can listen on port 0: a target's port is 1 to 65535.");
  return port;
}

/** Whether an address in numbers is this machine's loopback: 127.0.0.0/8 (RFC 1122, section 3.2.1.3) or ::1. */
export function isLoopback(address: string): boolean {
  const own = plain(address);
  return own === "::1" || own.startsWith("127.");
}

/** IPv4 in IPv6 (RFC 4291, section 2.5.5.2) as IPv4: `::ffff:7f00:1` is 127.0.0.1. Any other address as it is. */
export function plain(address: string): string {
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(address);
  if (mapped === null) return address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/, "");
  const [high, low] = [mapped[1], mapped[2]].map((half) => Number.parseInt(half ?? "", 16));
  return [high! >> 8, high! & 255, low! >> 8, low! & 255].join(".");
}

/** Where a target is, once its host is an address in numbers. */
export function endpoint({ scheme, host, port, path }: Target, address: string): Endpoint {
  return { scheme, host, port, path, address: plain(address) };
}
