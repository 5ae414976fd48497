// An echo server that waits for its clients for ever.
//
// On the wire: nothing. The connection stays ESTABLISHED, without a timer, until this process ends, even when the client's host
// has lost its power, was started again or cannot be reached any more. TCP_USER_TIMEOUT (`--user-timeout-ms`) changes nothing:
// it counts from sent data, and no data is sent.
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
  // The bug: nothing is ever sent to an idle client, and nothing limits how long it may be idle.
  setOption(descriptorOf(socket), "TCP_USER_TIMEOUT", Number(values["user-timeout-ms"]));
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
