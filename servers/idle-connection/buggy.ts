// An HTTP server that keeps idle connections for a second, and announces five.
//
// What is wrong: two people have set two times. The announcement is a header in the program, and the timer is in its configuration. A client
// that trusts the header sends its next request within five seconds, on a connection that is gone.
// On the wire: `Keep-Alive: timeout=5`, and a FIN one or two seconds later. A request that crosses the FIN is answered with an RST.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

// The bug: the timer is shorter than what the header below says.
const server = createServer({ keepAliveTimeout: 1000 }, (request, response) => {
  const isKept = request.httpVersion === "1.1" && request.headers.connection !== "close";
  if (isKept) response.setHeader("Connection", "keep-alive").setHeader("Keep-Alive", "timeout=5");
  response.end("temperature 23\n");
});
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
