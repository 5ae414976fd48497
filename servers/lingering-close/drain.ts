// Refuses an upload at its first bytes: an answer, shutdown(), and then reads and forgets what comes until the client closes.
//
// On the wire: the whole answer, the server's FIN, the rest of the upload, acknowledged, and the client's FIN; no RST. For as long
// as the client does not close, the socket stays in FIN-WAIT-2, with its descriptor and without a timer.

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
    socket.resume();
    // Node's end() is shutdown(); it closes by itself when it has read end-of-file too.
    socket.end(ANSWER);
  });
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
