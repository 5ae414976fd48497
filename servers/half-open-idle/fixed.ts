// An echo server that closes a connection when its client has been idle for 2 s.
//
// On the wire: a FIN to a client that has sent nothing for 2 s. A live client answers with a FIN, and a host that was started
// again answers with RST. If the client's host does not answer, the kernel repeats the FIN (FIN-WAIT-1, without a descriptor),
// until it gives up or TCP_USER_TIMEOUT (`--user-timeout-ms`) is over.
// Uses harness/kernel, because Node has no API for TCP_USER_TIMEOUT.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";
import { descriptorOf, setOption } from "../../harness/kernel/sockopt.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    "user-timeout-ms": { type: "string", default: "0" },
  },
});
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

const server = createServer({ noDelay: true }, (socket) => {
  setOption(descriptorOf(socket), "TCP_USER_TIMEOUT", Number(values["user-timeout-ms"]));
  const peer = socket.remoteAddress?.replace("::ffff:", "");
  const end = (code = "unknown"): void => {
    console.log(JSON.stringify({ kind: "end", monotonicUs: nowUs(), peer, code }));
    socket.destroy();
  };
  socket.pipe(socket);
  socket.on("error", ({ code }: NodeJS.ErrnoException) => end(code));
  socket.setTimeout(2000, () => end("idle")); // the fix
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
