// An echo server with a short backlog, which is ready before it listens.
//
// What is right: nobody is let in before there is somebody to serve them. From then on the loop accepts what comes within
// the moment, and the queue may stay short.
// On the wire: a SYN that comes too early is answered with a RST, and its client knows at once; after that every third
// segment finds room.

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
  prepare();
  socket.on("data", (line) => socket.write(line));
  socket.on("error", () => socket.destroy());
});
const listening = { port: Number(values.port), host: values.host, backlog: 11 };
prepare(); // the fix
server.listen(listening, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
