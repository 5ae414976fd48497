// A server that refuses without reading: it asks its limiter about the caller, says no with a page, and closes.
//
// On the wire: the first segments of the page, and right behind them a RST. The request lies unread at close(), so the kernel
// throws away what it had still to send, the FIN with it.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

/** What the caller gets to read, and how long the limiter takes to say no. */
const PAGE = Buffer.alloc(47_000, "p");
const LIMITER_MS = 300;

const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  setTimeout(() => {
    // The bug: the page is in the kernel and not yet at the client, and nobody has read the request.
    socket.end(PAGE, () => socket.destroy());
  }, LIMITER_MS);
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
