// A web server that sends a film from a file, with pipe().
//
// What is wrong: pipe() ends when its source ends. When the client breaks off, nobody reads the file any more, and nobody closes it.
// On the wire: the first part of the film and the client's RST. The socket is closed; the file's descriptor is not.

import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

/** Any large file will do: the program of Node itself. */
const FILM = process.execPath;
const FILM_BYTES = 512 * 1024;

const server = createServer((_, response) => {
  response.writeHead(200, { "Content-Type": "video/mp4", "Content-Length": FILM_BYTES });
  // The bug: the response is destroyed, and the stream of the file is not.
  createReadStream(FILM, { end: FILM_BYTES - 1 }).pipe(response);
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
