import { HttpResponse } from "./http-response.ts";
import type { Protocol } from "./protocol.ts";

/**
 * `GET / HTTP/1.1` to a host (RFC 9112). `lastOnConnection` adds `Connection: close`, which asks the server to close
 * after its response; without it the connection is kept (section 9.3).
 */
export function http(host: string, lastOnConnection: boolean): Protocol {
  const connection = lastOnConnection ? "Connection: close\r\n" : "";
  const request = Buffer.from(`GET / HTTP/1.1\r\nHost: ${host}\r\n${connection}\r\n`, "latin1");
  return { request: () => request, reader: () => new HttpResponse("GET") };
}
