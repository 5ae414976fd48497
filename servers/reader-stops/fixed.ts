// A server that answers each line with a page of the log. Clients may send lines without waiting for the answers.
//
// What is right: while a client does not take its answers, the server does not read its lines.
// On the wire: the client's window closes, and a little later the server's, too. The kernel holds both ends back.

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
    if (socket.writableNeedDrain) socket.pause(); // the fix
  });
  socket.on("drain", () => socket.resume());
  socket.on("error", () => socket.destroy());
}

const server = createServer({ noDelay: true }, serve);
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
