// An HTTP server that ends a connection after a number of requests, as nginx does with keepalive_requests.
//
// On the wire: the answer to the last request of a connection has `Connection: close`, and the server's FIN follows it. The server closes
// first, and has the TIME-WAIT. With 0 there is no limit, and an idle connection is closed after a second.

import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    requests: { type: "string", default: "10" },
  },
});

const limit = Number(values.requests);
const requests = new WeakMap<Socket, number>();

const server = createServer({ keepAliveTimeout: 1000, noDelay: true }, (request, response) => {
  request.resume();
  const count = (requests.get(request.socket) ?? 0) + 1;
  requests.set(request.socket, count);
  // Node's own maxRequestsPerSocket sets the header, too, but leaves it to the client to close.
  if (count === limit) response.shouldKeepAlive = false;
  response.end("hello\n");
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
