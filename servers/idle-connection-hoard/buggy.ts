// An echo server that keeps a connection for as long as its client likes.
//
// What is wrong: nothing limits how long a connection may be idle, nor how many one client may have. Keep-alive probes are on,
// and of no use: the client's kernel answers each of them, whatever its program does.
// On the wire: a line and its echo, and from then on a probe a second, with its acknowledgement. When the descriptors are used up
// (EMFILE), Node still accepts, and closes at once: a newcomer is connected, and gets a FIN or a RST for an answer.

import { type AddressInfo, createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

function serve(socket: Socket): void {
  // The bug: a client that has gone quiet is waited for without end.
  socket.on("data", (line) => socket.write(line));
  socket.on("error", () => socket.destroy());
}

const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 1000 }, serve);

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
