// Refuses an upload at its first bytes: it sends an answer and calls shutdown(). Then it reads and discards the rest until the client
// closes, or until a time limit.
//
// On the wire: the whole answer, the server's FIN, the rest of the upload with its acknowledgements, and the client's FIN; no RST.
// A client that sends for longer than the limit gets a RST.

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
/** The time limit from the answer to close(). In nginx it is lingering_time, with 30 s by default. */
const LINGERING_MS = 2000;

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  socket.once("data", () => {
    socket.resume();
    socket.end(ANSWER);
    const bound = setTimeout(() => socket.destroy(), LINGERING_MS);
    socket.once("close", () => clearTimeout(bound));
  });
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
