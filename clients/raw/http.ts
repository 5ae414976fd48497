import { HttpResponse } from "./http-response.ts";
import { KnownHead } from "./known-head.ts";
import type { Protocol } from "./protocol.ts";

/**
 * `GET / HTTP/1.1` to a host (RFC 9112). `serverCloses` adds `Connection: close` to the last request of a connection,
 * which asks the server to close after its response; without it the connection is kept (section 9.3).
 */
export function http(host: string, serverCloses: boolean): Protocol {
  const head = `GET / HTTP/1.1\r\nHost: ${host}\r\n`;
  const ordinary = Buffer.from(`${head}\r\n`, "latin1");
  const closing = serverCloses ? Buffer.from(`${head}Connection: close\r\n\r\n`, "latin1") : ordinary;
  const known = new KnownHead();
  return {
    request: (_attempt, last) => (last ? closing : ordinary),
    reader: () => new HttpResponse("GET", known),
  };
}
