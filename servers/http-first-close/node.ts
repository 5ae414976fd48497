// Node's own HTTP server with its default settings.
//
// On the wire: after an answer to HTTP/1.0, or to `Connection: close`, it sends its FIN. Otherwise it waits 5 s for the next request
// (keepAliveTimeout), and then closes.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": 6 });
  response.end("hello\n");
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
