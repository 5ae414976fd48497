// A server that sends each client a line twice a second, and gives up a client that has answered nothing for 1.5 s.
//
// On the wire: when the client's host is gone, the same segment is repeated until the program's own deadline. Then one RST, and
// the kernel discards the connection and everything in its queue.
// Uses harness/kernel, because Node has no API for TCP_KEEPINTVL and TCP_KEEPCNT.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";
import { descriptorOf, setOption } from "../../harness/kernel/sockopt.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    "keep-alive": { type: "boolean", default: false },
  },
});
const LINE = `${"-".repeat(96)}\n`;
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

const server = createServer({ noDelay: true }, (socket) => {
  if (values["keep-alive"]) {
    socket.setKeepAlive(true, 1000);
    setOption(descriptorOf(socket), "TCP_KEEPINTVL", 1);
    setOption(descriptorOf(socket), "TCP_KEEPCNT", 3);
  }
  const peer = socket.remoteAddress?.replace("::ffff:", "");
  const tell = (code: string): void => {
    console.log(JSON.stringify({ kind: "end", monotonicUs: nowUs(), peer, code }));
  };
  const push = (): boolean => socket.write(LINE);
  push();
  const pushing = setInterval(push, 500);
  const deadline = setTimeout(() => {
    // the fix
    tell("deadline");
    socket.resetAndDestroy();
  }, 1500);
  socket.on("data", () => deadline.refresh());
  socket.on("error", ({ code = "unknown" }: NodeJS.ErrnoException) => tell(code));
  socket.on("close", () => {
    clearInterval(pushing);
    clearTimeout(deadline);
  });
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
