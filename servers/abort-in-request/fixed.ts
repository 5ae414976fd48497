// An echo server that closes the connection of a client that has broken off.
//
// What is right: every socket has a listener for "error", so what one client does ends only its own connection.
// On the wire: a client's RST, and nothing to the others.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer((socket) => {
  socket.pipe(socket);
  socket.on("error", () => socket.destroy()); // the fix
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
