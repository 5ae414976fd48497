// An echo server with a short backlog. It is ready before it listens.
//
// What is right: no connection is possible before the server can serve it. After that, the loop accepts each connection at once, so
// the queue can stay short.
// On the wire: a SYN that arrives too early is answered with a RST, so its client knows at once. After that, there is room for the
// third segment of every handshake.

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
  prepare();
  socket.pipe(socket);
  socket.on("error", () => socket.destroy());
});
const listening = { port: Number(values.port), host: values.host, backlog: 11 };
prepare(); // the fix
server.listen(listening, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
