// A correct server that answers one line and closes first. It is the other end of the clients in this folder.
//
// On the wire: the answer, then a FIN. `end()` is shutdown() and `destroy()` is close(). After both, the server's socket is an
// orphan in FIN-WAIT-2, and the kernel removes it after tcp_fin_timeout, even if the client never answers. With end() alone, a
// client that never closes would keep the descriptor in use for ever, and FIN-WAIT-2 would have no timer.

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
