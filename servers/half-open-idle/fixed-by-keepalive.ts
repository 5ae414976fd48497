// An echo server whose kernel probes idle clients, to find out whether they are still there.
//
// On the wire: after 1 s of silence a probe, which is an empty segment with a sequence number one below the next. After an
// acknowledgement, the second begins again. An RST ends the connection with ECONNRESET. Three probes without an answer, a second
// apart, end it with ETIMEDOUT. With TCP_USER_TIMEOUT (`--user-timeout-ms`), that much silence ends it, after any number of probes.
// Uses harness/kernel, because Node has no API for TCP_KEEPINTVL, TCP_KEEPCNT and TCP_USER_TIMEOUT.

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

const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 1000 }, (socket) => {
  // the fix
  const descriptor = descriptorOf(socket);
  setOption(descriptor, "TCP_KEEPINTVL", 1);
  setOption(descriptor, "TCP_KEEPCNT", 3);
  setOption(descriptor, "TCP_USER_TIMEOUT", Number(values["user-timeout-ms"]));
  const peer = socket.remoteAddress?.replace("::ffff:", "");
  const end = (code = "unknown"): void => {
    console.log(JSON.stringify({ kind: "end", monotonicUs: nowUs(), peer, code }));
    socket.destroy();
  };
  socket.pipe(socket);
  socket.on("error", ({ code }: NodeJS.ErrnoException) => end(code));
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
