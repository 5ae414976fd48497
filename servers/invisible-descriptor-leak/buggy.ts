// An echo server that never closes, as in close-wait-leak, and has turned on keep-alive against its CLOSE-WAIT sockets.
//
// What is wrong: with `allowHalfOpen: true` the program must answer end-of-file, and this one does not. Keep-alive ends the connection in
// the kernel, and not the descriptor: the program is not told, because it reads no more.
// On the wire: the client's FIN is acknowledged, and no FIN goes back. When the client's kernel has forgotten the connection, it answers
// the next probe with a RST. The CLOSE-WAIT disappears from ss, and its descriptor stays.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer(
  { allowHalfOpen: true, keepAlive: true, keepAliveInitialDelay: 1000 },
  (socket) => {
    socket.on("data", (line) => {
      if (!socket.write(line)) socket.pause();
    });
    socket.on("drain", () => socket.resume());
    // The bug: nothing listens for "end", so nothing ends this half.
    socket.on("error", () => socket.destroy());
  },
);

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
