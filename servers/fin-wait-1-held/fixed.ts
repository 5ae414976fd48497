// A server that gives each client an answer, and keeps the connection until the client has closed, too, but at most 1.5 s.
//
// On the wire: as much of the answer as the client takes. After 1.5 s one RST, and the kernel discards the connection and
// everything in its queue.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const ANSWER = Buffer.alloc(97_000, "-");

const server = createServer((socket) => {
  socket.on("error", () => socket.destroy());
  socket.resume(); // without it, Node does not read the client's end-of-file
  socket.end(ANSWER);
  const deadline = setTimeout(() => socket.resetAndDestroy(), 1500); // the fix
  socket.on("close", () => clearTimeout(deadline));
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
