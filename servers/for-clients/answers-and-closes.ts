// An HTTP/1.1 server that closes after every answer, and does not say so.
//
// HTTP/1.1 connections persist (RFC 9112, section 9.3), and no `Connection: close` says otherwise here: the client finds out by the FIN.
// On the wire: request, answer, FIN.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

const server = createServer((request, response) => {
  request.resume().once("end", () => {
    response.removeHeader("connection");
    response.once("finish", () => {
      console.log(
        JSON.stringify({
          kind: "misbehaviour",
          monotonicUs: nowUs(),
          did: "closed a connection after its answer",
        }),
      );
      request.socket.destroySoon();
    });
    response.end("an answer, and the end\n");
  });
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
