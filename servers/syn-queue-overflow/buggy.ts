// An echo server with a backlog of 7, for clients that are far away.
//
// What is wrong: the backlog is the limit of the handshakes in progress, too. Each of them takes a round trip, so a server that accepts at once
// has room for only backlog + 1 new clients in the time of a round trip.
// On the wire: the SYNs of all others are dropped without an answer, as long as SYN cookies are off. Their clients try again after a second.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer((socket) => {
  socket.pipe(socket);
  socket.on("error", () => socket.destroy());
});
// The bug: nothing waits for accept() here, so the small number looks harmless.
const listening = { port: Number(values.port), host: values.host, backlog: 7 };
server.listen(listening, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
