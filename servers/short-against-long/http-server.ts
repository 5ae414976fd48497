// A correct HTTP/1.1 server, for short and for long connections.
//
// On the wire: with keep-alive (the default of HTTP/1.1), any number of requests share a connection, and the client that closes it
// has the TIME-WAIT. After a request with `Connection: close`, the server closes first, right after the answer, and has the
// TIME-WAIT. An idle connection is kept for longer than any client of the laboratory is idle.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const body = "hello\n";
const server = createServer({ keepAliveTimeout: 75_000, noDelay: true }, (request, response) => {
  request.resume();
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": body.length });
  response.end(body);
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
