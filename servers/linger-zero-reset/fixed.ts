// A server that answers with a page and closes: end() hands page and FIN to the kernel, which sends both to their end.
//
// On the wire: the whole page, a FIN each way. Who closed first, the server, keeps a TIME-WAIT of each connection for 60 s: no
// descriptor, no port of its own, a few hundred bytes.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const PAGE = Buffer.alloc(47_000, "p");

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  socket.once("data", () => {
    socket.end(PAGE); // the fix
  });
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
