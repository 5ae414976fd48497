// A server that answers each line with a header and a body, in one write.
//
// On the wire: one segment per answer. When it is written, nothing is unacknowledged, so Nagle's algorithm does not hold it back.
// If the parts come from different places: socket.cork(), the writes, socket.uncork().

import { type AddressInfo, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const BODY = `${"b".repeat(96)}\n`;
const HEADER = `length=${BODY.length} `;

function answer(socket: Socket): void {
  socket.write(HEADER + BODY); // the fix
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
