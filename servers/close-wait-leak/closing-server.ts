// A correct server that answers one line, closes first, and lets go: the other end of the clients in this folder.
//
// On the wire: answer, then FIN. `end()` is shutdown() and `destroy()` is close(): after both the server's socket is
// an orphan in FIN-WAIT-2, which the kernel forgets after tcp_fin_timeout, whether the client ever answers or not.
// With end() alone a client that never closes would keep the descriptor, and FIN-WAIT-2 without a timer, for ever.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer((socket) => {
  socket.once("data", (line) => socket.end(line, () => socket.destroy()));
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
