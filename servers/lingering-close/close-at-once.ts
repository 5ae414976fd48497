// Refuses an upload at its first bytes: an answer, and close().
//
// On the wire: what of the answer may leave at once, with the FIN if that is all of it. The rest of the upload comes to a socket
// that nobody can read any more, and is answered with a RST; what of the answer still waited to be sent is thrown away.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    answer: { type: "string", default: "97" },
  },
});

/** Of so many bytes, as --answer says. */
const ANSWER = Buffer.alloc(Number(values.answer), "n");

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  socket.once("data", () => {
    socket.end(ANSWER, () => socket.destroy());
  });
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
