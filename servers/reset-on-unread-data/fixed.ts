// A server that refuses a client, but reads its request before it closes: it waits for its rate limiter, answers with a page, sends
// its FIN, and waits for the client's FIN.
//
// On the wire: the whole page, a FIN each way, and no RST. The server closed first, and has the TIME-WAIT.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

/** The page for the client. LIMITER_MS is how long the limiter takes to refuse. */
const PAGE = Buffer.alloc(47_000, "p");
const LIMITER_MS = 300;
/** The longest wait for a client that neither sends nor closes. */
const IDLE_MS = 5000;

const server = createServer({ noDelay: true, pauseOnConnect: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  setTimeout(() => {
    // All input is read and discarded.
    socket.resume();
    socket.setTimeout(IDLE_MS, () => socket.destroy());
    socket.end(PAGE); // the fix: Node closes after both FINs
  }, LIMITER_MS);
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
