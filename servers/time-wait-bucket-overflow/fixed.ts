// An HTTP server that keeps the connection after an answer.
//
// What is right: the requests of a client share a connection, so few connections end, and few TIME-WAIT are needed.
// On the wire: one handshake, then requests and answers. The client closes when it has no more to ask, and has the TIME-WAIT.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

/** The versions of HTTP whose connections are kept after an answer. */
const keptAlive = new Set<string>();
keptAlive.add("1.1"); // the fix

const server = createServer({ keepAliveTimeout: 1000, noDelay: true }, (request, response) => {
  request.resume();
  response.shouldKeepAlive = keptAlive.has(request.httpVersion);
  response.end("hello\n");
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
