// A server that avoids TIME-WAIT: it answers with a page and closes with SO_LINGER {1, 0}, which is Node's resetAndDestroy().
//
// On the wire: the first segments of the page, and right after them a RST. There is no TIME-WAIT, and the data that waited to be
// sent is lost.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const PAGE = Buffer.alloc(47_000, "p");

const server = createServer({ noDelay: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  socket.setTimeout(5000, () => socket.destroy());
  socket.once("data", () => {
    // The bug: Node calls back when the kernel has the page, not when the client has it.
    socket.write(PAGE, () => socket.resetAndDestroy());
  });
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
