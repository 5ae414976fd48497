// Refuses an upload at its first bytes: it sends an answer and calls shutdown(). Then it reads and discards the rest until the client
// closes.
//
// On the wire: the whole answer, the server's FIN, the rest of the upload with its acknowledgements, and the client's FIN; no RST.
// Until the client closes, the socket stays in FIN-WAIT-2, with its descriptor and without a timer.

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
    socket.resume();
    // Node's end() is shutdown(). Node closes the socket by itself when it has also read end-of-file.
    socket.end(ANSWER);
  });
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
