// A server of short connections: it answers one line, and closes.
//
// What is right: a connection is closed as soon as it was used. What is missing: a client that sends nothing gets no answer, so
// its connection is never closed.
// On the wire: the answer and a FIN, and the TIME-WAIT is here. A client that sends nothing only gets a keep-alive probe each second.

import { type AddressInfo, createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

function serve(socket: Socket): void {
  socket.once("data", (line) => socket.end(line, () => socket.destroy()));
  socket.on("error", () => socket.destroy());
}

const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 1000 }, serve);

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
