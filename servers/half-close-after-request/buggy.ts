// An echo server that asks a slow backend before it answers, and takes the client's FIN for a goodbye.
//
// What is wrong: by default Node answers a FIN with a FIN as soon as it has read it. An answer that comes later cannot be sent any more.
// On the wire: the client's line and its FIN, and the server's FIN instead of the answer.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

/** How long the backend takes. */
const BACKEND_MS = 50;

const server = createServer((socket) => {
  // The bug: nothing says that an answer is still owed when the client has said all it wants to say.
  socket.on("data", (line) => {
    socket.pause(); // One line after the other, and none for a client that does not read.
    setTimeout(() => socket.write(line, () => socket.resume()), BACKEND_MS);
  });
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
