// A server that closes the connection when it has read `--bytes` bytes, and does not answer.
//
// What it has not read by then makes a RST of the FIN: a short request is read in one piece, and meets a FIN, and a long upload a RST.
// On the wire: request, FIN or RST.

import { createServer, type AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    bytes: { type: "string", default: "1" },
  },
});
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

const server = createServer((socket) => {
  let read = 0;
  socket.on("data", (piece) => {
    read += piece.length;
    if (read < Number(values.bytes) || socket.destroyed) return;
    console.log(
      JSON.stringify({
        kind: "misbehaviour",
        monotonicUs: nowUs(),
        did: "closed a connection with a request on it",
      }),
    );
    socket.destroy();
  });
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
