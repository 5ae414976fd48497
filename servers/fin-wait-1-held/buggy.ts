// A server that gives each client an answer and closes.
//
// On the wire: as much of the answer as the client takes. The kernel keeps the rest, and the FIN behind it, after the
// descriptor is gone (FIN-WAIT-1), and repeats itself or probes the window for minutes, when the client takes no more.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const ANSWER = Buffer.alloc(97_000, "-");

const server = createServer((socket) => {
  socket.on("error", () => socket.destroy());
  // The bug: what the kernel has taken is thought to have arrived.
  socket.end(ANSWER, () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
