// An echo server whose kernel asks idle clients whether they are still there.
//
// On the wire: after 1 s of silence a probe, an empty segment one below the next sequence number. An answer starts the
// second again; ten probes without one, a second apart, end the connection with ETIMEDOUT (Node 20 sets these two).

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 1000 }, (socket) => {
  // the fix
  socket.on("data", (line) => socket.write(line));
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
