// An echo server that sees the client's end-of-file and never closes its own half.
//
// What is wrong: `allowHalfOpen: true` takes the answer to end-of-file away from Node, and nobody else gives it. The
// socket still has its descriptor, so no garbage collection and no timeout of the kernel ever ends it.
// On the wire: the client's FIN is acknowledged (by the kernel), and no FIN goes back. The server's end stays in
// CLOSE-WAIT for as long as this process lives; the client's end waits in FIN-WAIT-2, until tcp_fin_timeout ends it.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("data", (line) => socket.write(line));
  // The bug: nothing listens to "end", so nothing ends the other half.
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
