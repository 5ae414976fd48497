// An HTTP server that keeps idle connections for three seconds, and announces two.
//
// What is right: the announced time is the shorter one. A client that trusts it has closed before the server does.
// On the wire: `Keep-Alive: timeout=2`, and three or four seconds after the last answer a FIN, which meets no request.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer({ keepAliveTimeout: 3000 }, (request, response) => {
  const isKept = request.httpVersion === "1.1" && request.headers.connection !== "close";
  if (isKept) response.setHeader("Connection", "keep-alive").setHeader("Keep-Alive", "timeout=2");
  response.end("temperature 23\n");
});
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
