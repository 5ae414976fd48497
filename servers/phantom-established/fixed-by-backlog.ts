// An echo server that prepares itself when the first client comes, with room for all clients that come meanwhile.
//
// What is right: the loop is still blocked for 1.8 s, but the queue of finished handshakes holds 512 connections (the kernel takes
// the smaller of the backlog and net.core.somaxconn).
// On the wire: there is room for the third segment of every handshake, and the kernel acknowledges every request at once. The
// connection then waits for accept() until the program is ready. Both ends agree on what is connected; nothing is sent twice.

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
listening.backlog = 511; // the fix
server.listen(listening, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
