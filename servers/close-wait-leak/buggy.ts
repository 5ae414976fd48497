// An echo server that receives the client's end-of-file and never closes its own half.
//
// What is wrong: with `allowHalfOpen: true`, Node does not answer end-of-file by itself, and this program does not either. The
// socket still has its descriptor, so no garbage collection and no timeout of the kernel ever ends it.
// On the wire: the kernel acknowledges the client's FIN, and no FIN goes back. The server's end stays in CLOSE-WAIT until this
// process ends. The client's end waits in FIN-WAIT-2 until tcp_fin_timeout ends it.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer({ allowHalfOpen: true }, (socket) => {
  socket.on("data", (line) => {
    if (!socket.write(line)) socket.pause();
  });
  socket.on("drain", () => socket.resume());
  // The bug: nothing listens for "end", so nothing ends this half.
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
