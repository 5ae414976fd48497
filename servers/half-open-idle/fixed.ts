// An echo server that lets a client be idle for 1.5 s.
//
// On the wire: a FIN to a client that said nothing for so long. When that one has vanished, the FIN is sent again and
// again by the kernel alone (FIN-WAIT-1, without a descriptor), and given up.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("data", (line) => socket.write(line));
  socket.on("error", () => socket.destroy());
  socket.setTimeout(1500, () => socket.destroy()); // the fix
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
