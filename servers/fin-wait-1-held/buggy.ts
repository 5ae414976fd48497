// A server that gives each client an answer and closes.
//
// On the wire: as much of the answer as the client takes. After the descriptor was closed, the kernel keeps the rest and the FIN
// after it (FIN-WAIT-1). If the client takes no more, the kernel repeats segments or probes the window for minutes.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const ANSWER = Buffer.alloc(97_000, "-");

const server = createServer((socket) => {
  socket.on("error", () => socket.destroy());
  // The bug: the program treats data that the kernel has taken as if it had arrived.
  socket.end(ANSWER, () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
