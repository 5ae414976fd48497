// An echo server with a short backlog. It prepares itself when the first client comes, for 1.8 s, and blocks its event loop.
//
// What is wrong: it listens before it can serve. While it prepares, nothing is accepted, and the queue of finished handshakes
// holds only backlog + 1 = 12 connections.
// On the wire: a client whose SYN arrives while there is room gets a SYN-ACK. For the client, that is the connection, and it sends
// its request. When the third segment arrives, the queue is full, so that segment and the request are dropped. This end stays in
// SYN-RECEIVED and repeats its SYN-ACK. The client is ESTABLISHED and repeats its request, until there is room.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const never = new Int32Array(new SharedArrayBuffer(4));
let isReady = false;

/** Runs once. Waiting stands in for computing: it blocks the event loop in the same way, but leaves the core to others. */
function prepare(): void {
  if (!isReady) Atomics.wait(never, 0, 0, 1800);
  isReady = true;
}

const server = createServer({ noDelay: true }, (socket) => {
  // The bug: clients that come meanwhile wait in the kernel, where this program cannot see them.
  prepare();
  socket.pipe(socket);
  socket.on("error", () => socket.destroy());
});
const listening = { port: Number(values.port), host: values.host, backlog: 11 };
server.listen(listening, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
