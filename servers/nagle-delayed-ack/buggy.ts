// A server that answers each line with a header and a body, in two writes.
//
// On the wire: the header is sent at once. The body is smaller than a full segment, and the header is not acknowledged yet, so
// Nagle's algorithm holds the body back. The client sends nothing before it has the body, so it delays its acknowledgement. About
// 40 ms later, the client's timer sends the acknowledgement, and the body follows.

import { type AddressInfo, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const BODY = `${"b".repeat(96)}\n`;
const HEADER = `length=${BODY.length} `;

function answer(socket: Socket): void {
  // The bug: two small writes, one after the other, and nothing more until the client has both.
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

// `noDelay: false` is the default, in Node as in the kernel.
const server = createServer({ noDelay: false }, serve);

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
