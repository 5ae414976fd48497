// A server that gives each client an answer and closes. Its kernel waits at most 1.5 s for a client that takes no more.
//
// On the wire: as much of the answer as the client takes. Then repeated segments or probes of the window for 1.5 s, and after
// that nothing, not even a RST.
// Uses harness/kernel, because Node has no API for TCP_USER_TIMEOUT.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";
import { descriptorOf, setOption } from "../../harness/kernel/sockopt.ts";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const ANSWER = Buffer.alloc(97_000, "-");

const server = createServer((socket) => {
  socket.on("error", () => socket.destroy());
  setOption(descriptorOf(socket), "TCP_USER_TIMEOUT", 1500); // the fix
  socket.end(ANSWER, () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
