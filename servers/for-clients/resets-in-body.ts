// An HTTP/1.1 server that resets the connection in the middle of a body.
//
// It announces `--bytes` bytes, sends half of them, and closes with SO_LINGER {1, 0}: a crashed proxy looks like this.
// On the wire: request, header and half a body, RST.

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
/** So long the half is under way before the RST overtakes what the client has not read. */
const PAUSE_MS = 50;
const bytes = Number(values.bytes);

const server = createServer((request, response) => {
  request.resume().once("end", () => {
    response.writeHead(200, { "Content-Length": bytes });
    response.write("a".repeat(Math.floor(bytes / 2)));
    setTimeout(() => {
      console.log(
        JSON.stringify({
          kind: "misbehaviour",
          monotonicUs: nowUs(),
          did: "reset a connection in the middle of a body",
        }),
      );
      request.socket.resetAndDestroy();
    }, PAUSE_MS);
  });
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
