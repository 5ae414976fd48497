// An HTTP/1.1 server that takes `--accept-ms` to accept each connection: its event loop does something else meanwhile.
//
// The kernel makes connections without it, so connect() succeeds at once and the request is acknowledged; the answer comes late. The
// accept queue is short (`--backlog`): with more clients, SYNs are dropped, and connect() takes a second or three.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    backlog: { type: "string", default: "2" },
    "accept-ms": { type: "string", default: "500" },
  },
});
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
const cell = new Int32Array(new SharedArrayBuffer(4));

const server = createServer((request, response) => {
  request.resume().once("end", () => response.end("a late answer\n"));
});
server.on("connection", () => {
  console.log(
    JSON.stringify({
      kind: "misbehaviour",
      monotonicUs: nowUs(),
      did: `took ${values["accept-ms"]} ms to accept a connection`,
    }),
  );
  Atomics.wait(cell, 0, 0, Number(values["accept-ms"]));
});

const { port, host, backlog } = values;
server.listen({ port: Number(port), host, backlog: Number(backlog) }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
