// Refuses an upload at its first bytes: an answer, shutdown(), and then reads and forgets what comes until the client closes, or
// until it has had time enough.
//
// On the wire: the whole answer, the server's FIN, the rest of the upload, acknowledged, and the client's FIN; no RST. A client that
// goes on for longer gets one.

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
/** From the answer to close(), whatever comes: nginx calls this lingering_time and gives 30 s. */
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
