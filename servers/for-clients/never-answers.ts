// An HTTP server that reads requests and never answers.
//
// On the wire: every request is acknowledged, and nothing follows.

import { createServer, type AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

const server = createServer((socket) => {
  socket.once("data", () => {
    console.log(
      JSON.stringify({
        kind: "misbehaviour",
        monotonicUs: nowUs(),
        did: "read a request, and did not answer",
      }),
    );
  });
  socket.resume();
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
