// A server that refuses, and reads what comes before it closes: it asks its limiter about the caller, says no with a page, sends
// its FIN, and waits for the client's.
//
// On the wire: the whole page, a FIN each way, and no RST. The server closed first and keeps the TIME-WAIT.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

/** What the caller gets to read, and how long the limiter takes to say no. */
const PAGE = Buffer.alloc(47_000, "p");
const LIMITER_MS = 300;
/** A client that neither sends nor closes is not waited for any longer. */
const IDLE_MS = 5000;

const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  setTimeout(() => {
    // What comes is read and forgotten.
    socket.resume();
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.end(PAGE); // the fix: Node closes when both FINs were seen
  }, LIMITER_MS);
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
