// A server that answers each line with a header and a body, in two writes, and sends both at once (TCP_NODELAY).
//
// On the wire: the header, and right after it the body, each in its own segment. TCP_NODELAY holds for the whole connection: every
// small write becomes a segment, with 52 bytes or more of headers.

import { type AddressInfo, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const BODY = `${"b".repeat(96)}\n`;
const HEADER = `length=${BODY.length} `;

function answer(socket: Socket): void {
  socket.write(HEADER);
  socket.write(BODY);
  if (socket.writableNeedDrain) socket.pause();
}

function serve(socket: Socket): void {
  const lines = createInterface({ input: socket }).on("line", () => answer(socket));
  lines.on("error", () => socket.destroy()); // readline passes on an error of its socket.
  socket.on("drain", () => socket.resume());
  socket.on("error", () => socket.destroy());
}

const server = createServer({ noDelay: true }, serve); // the fix

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
