// A correct echo server, for short and for long connections over raw TCP.
//
// On the wire: each line is answered when it arrives, any number of lines on a connection. The client's FIN is answered with a FIN.
// The client closed first, and has the TIME-WAIT.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer({ noDelay: true }, (socket) => {
  socket.pipe(socket);
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
