// A server that answers lines, and is to answer a goodbye with a goodbye. Its part in closing never comes.
//
// What is wrong here: the goodbye waits behind work that does not end. A deadlock, a full queue, or an old release that does not know it does the same.
// On the wire: the goodbye is acknowledged by this kernel, as everything is, and nothing follows.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer((socket) => {
  socket.setEncoding("utf8");
  socket.on("data", (line) => {
    if (String(line).startsWith("goodbye")) return;
    if (!socket.write(line)) socket.pause();
  });
  socket.on("drain", () => socket.resume());
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
