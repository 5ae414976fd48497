// An echo server that ends a connection when it has been idle for half a second.
//
// On the wire: a FIN. end() is shutdown() and not close(), so the descriptor stays until the client's FIN comes. Until then the
// socket is in FIN-WAIT-2 without a timer. If the client never closes, that lasts for ever.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer((socket) => {
  socket.on("data", (line) => {
    if (!socket.write(line)) socket.pause();
  });
  socket.on("drain", () => socket.resume());
  socket.on("error", () => socket.destroy());
  // The bug: nothing limits the wait for the client's end-of-file.
  socket.setTimeout(500, () => socket.end());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
