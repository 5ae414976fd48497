// An echo server that closes what has been idle for a second.
//
// What is right: the server's own clock decides how long a connection may say nothing. A second is for the laboratory; servers of
// HTTP take from 5 s (Node) to 75 s (nginx).
// On the wire: a FIN to whoever said nothing for so long. The descriptor is free at once, whether the client answers or not.

import { type AddressInfo, createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

function serve(socket: Socket): void {
  socket.setTimeout(1000, () => socket.destroy()); // the fix
  socket.on("data", (line) => socket.write(line));
  socket.on("error", () => socket.destroy());
}

const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 1000 }, serve);

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
