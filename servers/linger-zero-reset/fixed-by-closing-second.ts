// A server that answers with a page and lets the client close first: for one that must not keep any TIME-WAIT. The client has
// to know where the page ends: by its length, as with Content-Length.
//
// On the wire: the whole page, the client's FIN, the server's FIN. The TIME-WAIT is the client's.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const PAGE = Buffer.alloc(47_000, "p");
/** A client that never closes is not waited for any longer. */
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
