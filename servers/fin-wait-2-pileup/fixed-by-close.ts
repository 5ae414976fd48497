// An echo server that closes a connection when it has been idle for half a second.
//
// On the wire: a FIN, as after end(). No descriptor is left. The kernel keeps FIN-WAIT-2 for tcp_fin_timeout, and answers further
// data from the client with RST.

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
  socket.setTimeout(500, () => socket.destroy()); // the fix
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
