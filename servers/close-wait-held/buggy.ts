// A server that answers each request with a long line, and closes when the client has shut down its direction.
//
// On the wire: as much of the answer as the client reads. Node sends its FIN after the last byte. So a client that shuts down its
// direction and then does not read keeps this end in CLOSE-WAIT, with the answer in memory, without a limit.

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
  // The bug: nothing limits how long a client can take to read its answer.
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
