// An echo server with a backlog of 511, for clients that are far away.
//
// What is right: the backlog has room for all clients that come in the time of a round trip.
// On the wire: every SYN is answered with a SYN-ACK, and every handshake takes one round trip.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer((socket) => {
  socket.pipe(socket);
  socket.on("error", () => socket.destroy());
});
const listening = { port: Number(values.port), host: values.host, backlog: 511 }; // the fix
server.listen(listening, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
