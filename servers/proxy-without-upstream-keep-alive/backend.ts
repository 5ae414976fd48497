// A backend that needs a tenth of a second for an answer.
//
// What is right: it keeps a connection for the next request, unless the request says that there will be none.
// On the wire: after a request with `Connection: close` the backend's FIN follows the answer, and the TIME-WAIT is here.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "9090" }, host: { type: "string", default: "::" } },
});

const server = createServer(
  { keepAliveTimeout: 75_000, keepAlive: true, noDelay: true },
  (request, response) => {
    request.resume();
    setTimeout(() => response.end("hello\n"), 100);
  },
);

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
