// An echo server that closes a connection when it has been idle for a second.
//
// What is right: the server's own timer limits how long a connection may be idle. One second is for the laboratory; HTTP servers
// wait from 5 s (Node) to 75 s (nginx).
// On the wire: a FIN to a client that has sent nothing for a second. The descriptor is free at once, even if the client does not answer.

import { type AddressInfo, createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

function serve(socket: Socket): void {
  socket.setTimeout(1000, () => socket.destroy()); // the fix
  socket.pipe(socket);
  socket.on("error", () => socket.destroy());
}

const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 1000 }, serve);

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
