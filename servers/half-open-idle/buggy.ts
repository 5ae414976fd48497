// An echo server that waits for its clients for ever.
//
// On the wire: nothing. A client that vanishes without FIN or RST leaves the connection ESTABLISHED, without a timer,
// until this process ends.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer({ noDelay: true }, (socket) => {
  // The bug: nothing here is ever sent to an idle client, and nothing limits how long it may be idle.
  socket.on("data", (line) => socket.write(line));
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
