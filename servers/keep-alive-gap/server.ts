// An HTTP/1.1 server that closes a connection when it was idle for so long: `--idle-ms`.
//
// On the wire: requests that come sooner share a connection. After the idle time the server sends its FIN, and has the TIME-WAIT.

import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, "idle-ms": { type: "string", default: "5000" } },
});

const body = "hello\n";
// Node's own limit is checked with a margin that differs between its versions: it is off, and the socket's own timer is used.
const server = createServer({ keepAliveTimeout: 0, noDelay: true }, (request, response) => {
  request.resume();
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": body.length });
  response.end(body);
});
server.on("connection", (socket) => {
  socket.setTimeout(Number(values["idle-ms"]));
});
// With a listener here, Node leaves it to us what becomes of an idle connection.
server.on("timeout", (socket: Socket) => socket.end());

server.listen({ port: Number(values.port), host: "::" }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
