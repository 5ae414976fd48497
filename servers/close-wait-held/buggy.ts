// A server that answers each request with a long line, and closes when the client has ended its direction.
//
// On the wire: as much of the answer as the client takes. Node sends its FIN behind the last byte, so that a client which
// shuts down its direction and then does not read keeps this end in CLOSE-WAIT, with the answer in memory, for as long as
// it likes.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const ANSWER = `${"-".repeat(996_999)}\n`;

const server = createServer((socket) => {
  socket.on("data", () => socket.write(ANSWER));
  socket.on("error", () => socket.destroy());
  // The bug: nothing limits how long a client may take for its answer.
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
