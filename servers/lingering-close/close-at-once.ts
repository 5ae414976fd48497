// Refuses an upload at its first bytes: it sends an answer and calls close().
//
// On the wire: as much of the answer as can be sent at once, with the FIN if that is the whole answer. The rest of the upload arrives
// at a closed socket and is answered with a RST. The part of the answer that still waited to be sent is discarded.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    answer: { type: "string", default: "97" },
  },
});

/** The answer; `--answer` is its length in bytes. */
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
