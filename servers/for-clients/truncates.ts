// An HTTP/1.1 server whose answers end in the middle.
//
// It announces `--bytes` bytes, sends half of them, and closes. That the body is too short is all that tells (RFC 9112, section 8).
// On the wire: request, header and half a body, FIN.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    bytes: { type: "string", default: "10000" },
  },
});
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
const bytes = Number(values.bytes);

const server = createServer((request, response) => {
  request.resume().once("end", () => {
    response.writeHead(200, { "Content-Length": bytes });
    response.write("a".repeat(Math.floor(bytes / 2)), () => {
      console.log(
        JSON.stringify({ kind: "misbehaviour", monotonicUs: nowUs(), did: "ended a body in the middle" }),
      );
      request.socket.end();
    });
  });
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
