// An echo server that closes its own half when it receives the client's end-of-file, and has keep-alive for clients that vanish.
//
// What is right: with `allowHalfOpen: true` the program itself must answer end-of-file. The line marked below does so. When both halves
// have ended, Node closes the descriptor. Keep-alive has another job: it finds clients that are gone without a FIN.
// On the wire: the client's FIN is answered with a FIN. The client closed first, and has the TIME-WAIT.

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
    socket.on("end", () => socket.end()); // the fix
    socket.on("error", () => socket.destroy());
  },
);

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
