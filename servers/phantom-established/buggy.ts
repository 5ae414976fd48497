// An echo server with a short backlog, which makes itself ready when the first client comes: 1.8 s, without a turn for the loop.
//
// What is wrong: it listens before it can serve. While it prepares nothing is accepted, and the queue of finished handshakes
// holds backlog + 1 = 12.
// On the wire: clients whose SYN comes while there is room get a SYN-ACK, and for them that is the connection: they send
// their request. When their third segment comes the queue is full, and it is dropped, the request too. This end stays
// SYN-RECEIVED and repeats its SYN-ACK, the client is ESTABLISHED and repeats its request, until one of them finds room.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const never = new Int32Array(new SharedArrayBuffer(4));
let isReady = false;

/** Once. Waiting stands for loading and computing: it blocks the event loop alike, and leaves the core to others. */
function prepare(): void {
  if (!isReady) Atomics.wait(never, 0, 0, 1800);
  isReady = true;
}

const server = createServer({ noDelay: true }, (socket) => {
  // The bug: whoever comes meanwhile waits where this program cannot see it.
  prepare();
  socket.on("data", (line) => socket.write(line));
  socket.on("error", () => socket.destroy());
});
const listening = { port: Number(values.port), host: values.host, backlog: 11 };
server.listen(listening, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
