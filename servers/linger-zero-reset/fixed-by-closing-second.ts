// A server that answers with a page and lets the client close first, so that the server has no TIME-WAIT. The client must know
// where the page ends: from its length, as with Content-Length.
//
// On the wire: the whole page, the client's FIN, the server's FIN. The client has the TIME-WAIT.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const PAGE = Buffer.alloc(47_000, "p");
/** The longest wait for a client that does not close. */
const IDLE_MS = 5000;

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  socket.once("data", () => {
    socket.write(PAGE); // the fix: Node answers the client's FIN with its own
    socket.setTimeout(IDLE_MS, () => socket.destroy());
  });
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
