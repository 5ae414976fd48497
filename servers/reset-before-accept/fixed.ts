// An echo server that writes down from where each connection comes, if it is still there.
//
// What is right: accept() can return a connection that is over already. It has no address, and the next read gets its end.
// On the wire: a handshake and a RST while the server is busy, and then nothing: the others are served.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const seen = new Map<string, number>();

const server = createServer((socket) => {
  const from = socket.remoteAddress?.replace("::ffff:", "") ?? "gone"; // the fix
  seen.set(from, (seen.get(from) ?? 0) + 1);
  socket.pipe(socket);
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
