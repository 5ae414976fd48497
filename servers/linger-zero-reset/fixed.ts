// A server that answers with a page and closes: end() gives the page and the FIN to the kernel, which sends them completely.
//
// On the wire: the whole page, and a FIN each way. The server closed first, and keeps a TIME-WAIT for each connection for 60 s. It
// costs no descriptor and no extra port, only a few hundred bytes.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const PAGE = Buffer.alloc(47_000, "p");

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  socket.setTimeout(5000, () => socket.destroy());
  socket.once("data", () => {
    socket.end(PAGE); // the fix
  });
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
