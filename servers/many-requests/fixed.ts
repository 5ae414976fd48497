// An HTTP server that ends a connection after 47 requests, and says so.
//
// What is right: the last answer has `Connection: close`. The client opens another connection for its next request.
// On the wire: the 47th answer with `Connection: close`, and a FIN, which meets no request.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer((_, response) => response.end("temperature 23\n"));
server.maxRequestsPerSocket = 47; // Node then sends `Connection: close` with the 47th answer
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
