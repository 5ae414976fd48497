// A server that refuses a client without reading its request: it waits for its rate limiter, answers with a page, and closes.
//
// On the wire: the first segments of the page, and right after them a RST. The request is unread at close(), so the kernel
// discards all that still waits to be sent, even the FIN.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

/** The page for the client. LIMITER_MS is how long the limiter takes to refuse. */
const PAGE = Buffer.alloc(47_000, "p");
const LIMITER_MS = 300;

const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  setTimeout(() => {
    // The bug: the page is in the kernel and not yet at the client, and the request was not read.
    socket.end(PAGE, () => socket.destroy());
  }, LIMITER_MS);
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
