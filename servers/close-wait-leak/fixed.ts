// An echo server that closes its own half when it sees the client's end-of-file.
//
// What is right: `allowHalfOpen: true` is a promise to answer end-of-file oneself, and the line marked below keeps it.
// With both halves ended, Node closes the descriptor.
// On the wire: the client's FIN is answered with a FIN: CLOSE-WAIT, LAST-ACK and CLOSED here, all within a round trip;
// the client, who closed first, is left with the TIME-WAIT.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("data", (line) => socket.write(line));
  socket.on("end", () => socket.end()); // the fix
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
