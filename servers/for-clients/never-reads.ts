// A server that accepts connections and never reads.
//
// What a client sends fills the receive queue, and then the window is 0. A small request fits, and is acknowledged by the kernel.
// On the wire: acknowledgements whose window becomes smaller. On close, unread bytes make a RST of the FIN.

import { createServer, type AddressInfo, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
const accepted = new Set<Socket>();

const server = createServer({ pauseOnConnect: true }, (socket) => {
  accepted.add(socket);
  socket.on("error", () => accepted.delete(socket));
  console.log(
    JSON.stringify({
      kind: "misbehaviour",
      monotonicUs: nowUs(),
      did: "accepted a connection, and did not read from it",
    }),
  );
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
