// An HTTP server whose page has 512 KiB, and that keeps idle connections for ten minutes.
//
// What is right: it writes its answer as fast as the client reads it, and keeps the connection for the next request.
// On the wire: an answer with a length, as much of it at a time as the client's window allows.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const page = Buffer.alloc(512 * 1024, "page ");
const server = createServer((_, response) => response.end(page));
server.keepAliveTimeout = 600_000;

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
