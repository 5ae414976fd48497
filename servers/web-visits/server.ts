// A web server: HTTP/1.1 with keep-alive, and an idle limit of `--idle-ms`.
//
// On the wire: requests and answers on connections that stay open until the client closes, or has been silent for the idle limit. Newer
// versions of Node wait one second longer than this limit. A request with `Connection: close` is answered, and the server closes.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    "idle-ms": { type: "string", default: "1000" },
  },
});

const body = "hello\n";
const server = createServer(
  { keepAliveTimeout: Number(values["idle-ms"]), noDelay: true },
  (request, response) => {
    request.resume();
    response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": body.length });
    response.end(body);
  },
);

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
