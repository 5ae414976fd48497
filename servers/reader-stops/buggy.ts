// A server that answers each line with a page of the log. Clients may send lines without waiting for the answers.
//
// What is wrong: write() takes any number of bytes. What the kernel has no room for waits in the memory of this process, and the server goes on
// reading lines and writing answers for a client that takes none.
// On the wire: the client's window is closed, and the server's stays open: it acknowledges line after line.

import { type AddressInfo, createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const LINE = "the pump is on\n";
const LINES = 23;

/** The newest lines of the log, which is different each time. */
let newest = 0;
function page(): Buffer {
  newest += 1;
  return Buffer.from(`${String(newest).padStart(8)} ${LINE}`.repeat(LINES));
}

function serve(socket: Socket): void {
  socket.on("data", (lines) => {
    const asked = lines.filter((byte) => byte === 10).length;
    for (let nth = 0; nth < asked; nth += 1) socket.write(page());
    // The bug: nobody asks whether there is room.
  });
  socket.on("error", () => socket.destroy());
}

const server = createServer({ noDelay: true }, serve);
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
