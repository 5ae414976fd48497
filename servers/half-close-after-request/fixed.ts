// An echo server that asks a slow backend before it answers, and ends its own half when all its answers are sent.
//
// What is right: a FIN says that the client sends no more. It can still read, so the server's half stays open for the answers that are owed.
// On the wire: the client's line and its FIN, the answer, and then the server's FIN.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

/** How long the backend takes. */
const BACKEND_MS = 50;

// the fix
const server = createServer({ allowHalfOpen: true }, (socket) => {
  let owed = 0;
  const endIfDone = (): void => {
    if (owed === 0 && socket.readableEnded) socket.end();
  };
  socket.on("data", (line) => {
    owed += 1;
    socket.pause(); // One line after the other, and none for a client that does not read.
    setTimeout(() => {
      socket.write(line, () => socket.resume());
      owed -= 1;
      endIfDone();
    }, BACKEND_MS);
  });
  socket.on("end", endIfDone);
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
