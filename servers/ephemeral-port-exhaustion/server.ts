// A correct echo server: the other end of the clients in this folder.
//
// On the wire: it answers each line, and the client's FIN with its own. The client closed first, and has the TIME-WAIT; this end
// keeps nothing.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer((socket) => {
  socket.pipe(socket);
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
