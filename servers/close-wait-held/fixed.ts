// A server that answers each request with a long line, and gives up a client that reads nothing of it for a second.
//
// On the wire: as much of the answer as the client reads, and then a RST. The rest of the answer is discarded, in this process
// and in the kernel. After close() alone, the kernel would go on for minutes, in LAST-ACK.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const ANSWER = `${"-".repeat(996_999)}\n`;

const server = createServer((socket) => {
  socket.on("data", () => {
    if (!socket.write(ANSWER)) socket.pause();
  });
  socket.on("drain", () => socket.resume());
  socket.on("error", () => socket.destroy());
  socket.setTimeout(1000, () => socket.resetAndDestroy()); // the fix
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
