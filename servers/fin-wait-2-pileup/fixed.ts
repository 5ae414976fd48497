// An echo server that ends what has been idle for half a second, and gives the client a second to close too.
//
// On the wire: a FIN, and nothing more. A second later the descriptor is closed; the kernel keeps FIN-WAIT-2 for
// tcp_fin_timeout longer, and then forgets it. The client is not told.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer((socket) => {
  socket.on("data", (line) => socket.write(line));
  socket.on("error", () => socket.destroy());
  socket.setTimeout(500, () => {
    socket.end();
    socket.setTimeout(1000, () => socket.destroy()); // the fix
  });
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
