// A server that speaks first, as mail, database and message servers do. It greets 600 ms after it has accepted.
//
// What is right: it accepts at once, probes idle connections, keeps one as long as its client is there, and closes when the client closes.
// On the wire: a handshake, a line from the server, and then whatever the client does, and a probe each second while it does nothing.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer({ keepAlive: true, keepAliveInitialDelay: 1000 }, (socket) => {
  const greeting = setTimeout(() => socket.write("220 welcome\n"), 600);
  socket.on("error", () => socket.destroy());
  socket.on("close", () => clearTimeout(greeting));
  socket.resume();
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
