// Node's http server with its default settings.
//
// On the wire: to HTTP/1.1 an answer with `Connection: keep-alive` and `Keep-Alive: timeout=5`, and after 5 s of silence a FIN. To
// HTTP/1.0 an answer with `Connection: close` and a FIN, unless the client asks for keep-alive.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const body = "hello\n";
const server = createServer((_, response) => {
  response.writeHead(200, { "Content-Length": body.length });
  response.end(body);
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
