// An echo server that keeps a connection until its client closes it.
//
// What is wrong: nothing limits how long a connection may be idle, or how many connections one client may have. Keep-alive probes
// are on, but do not help: the client's kernel answers each of them, whatever its program does.
// On the wire: a line and its echo, and from then on a probe each second, with its acknowledgement. When the descriptors are used
// up (EMFILE), Node still accepts, and closes at once: a new client is connected, and gets a FIN or a RST instead of an answer.

import { type AddressInfo, createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

function serve(socket: Socket): void {
  // The bug: nothing limits the wait for a silent client.
  socket.pipe(socket);
  socket.on("error", () => socket.destroy());
}

const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 1000 }, serve);

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
