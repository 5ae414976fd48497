// An echo server that writes down from where each connection comes.
//
// What is wrong: a connection that was reset while it waited for accept() has no peer any more: Node gives `undefined` for the address, and
// the first call on that throws.
// On the wire: a handshake and a RST while the server is busy; then nothing, because the process has ended.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const seen = new Map<string, number>();

const server = createServer((socket) => {
  // The bug: the address is taken for granted.
  const from = socket.remoteAddress!.replace("::ffff:", "");
  seen.set(from, (seen.get(from) ?? 0) + 1);
  socket.pipe(socket);
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
