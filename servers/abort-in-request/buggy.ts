// An echo server without a listener for errors.
//
// What is wrong: a client's RST arrives as an "error" of its socket. Node throws an "error" that nobody listens for, and that ends the process.
// On the wire: one client's RST, and then an RST or nothing to all the others.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer((socket) => {
  // The bug: nothing listens for "error".
  socket.pipe(socket);
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
