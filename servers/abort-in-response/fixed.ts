// A web server that sends a film from a file, with pipeline().
//
// What is right: pipeline() destroys all its streams when one of them breaks off, and so closes the file.
// On the wire: the first part of the film and the client's RST. No descriptor is left.

import { createReadStream } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

/** Any large file will do: the program of Node itself. */
const FILM = process.execPath;
const FILM_BYTES = 512 * 1024;

const server = createServer((_, response) => {
  response.writeHead(200, { "Content-Type": "video/mp4", "Content-Length": FILM_BYTES });
  pipeline(createReadStream(FILM, { end: FILM_BYTES - 1 }), response, () => {}); // the fix
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
