// A server that answers each line with a header and a body, in two writes.
//
// On the wire: the header leaves at once. The body is smaller than a full segment, and the header is not acknowledged yet, so
// Nagle's algorithm keeps it back; and the client, which has nothing to say before it has the body, delays its
// acknowledgement. Some 40 ms later the client's timer ends it.

import { type AddressInfo, createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const BODY = `${"b".repeat(96)}\n`;
const HEADER = `length=${BODY.length} `;

function answer(socket: Socket): void {
  // The bug: two small writes, one behind the other, and then nothing until the client has both.
  socket.write(HEADER);
  socket.write(BODY);
}

function serve(socket: Socket): void {
  createInterface({ input: socket }).on("line", () => answer(socket));
  socket.on("error", () => socket.destroy());
}

// The default, here as in the kernel.
const server = createServer({ noDelay: false }, serve);

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
