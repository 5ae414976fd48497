// An HTTP/1.1 server that closes a connection when it has been idle for `--idle-ms`.
//
// On the wire: requests with shorter pauses share a connection. After the idle time the server sends its FIN, and has the TIME-WAIT.

import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    "idle-ms": { type: "string", default: "5000" },
  },
});

const body = "hello\n";
// Node's own limit is off, because Node checks it with a margin that differs between versions. The socket's own timer is used instead.
const server = createServer({ keepAliveTimeout: 0, noDelay: true }, (request, response) => {
  request.resume();
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": body.length });
  response.end(body);
});
server.on("connection", (socket) => {
  socket.setTimeout(Number(values["idle-ms"]));
});
// When there is a listener for "timeout", Node does not close an idle connection by itself.
server.on("timeout", (socket: Socket) => socket.end());

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
