// A web server that refuses uploads at their head, and discards the rest of them.
//
// What is right: after the answer Node reads what still comes of a request, and throws it away. The connection can be used again.
// On the wire: the answer, the rest of the upload with its acknowledgements, and no RST.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

/** A page for people that says what to do instead. */
const NO = Buffer.alloc(47_000, "no uploads here\n");

const server = createServer((request, response) => {
  if (request.method === "POST") {
    response.writeHead(405, { "Content-Type": "text/plain", Allow: "GET", "Content-Length": NO.length });
    response.end(NO); // the fix
    return;
  }
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": 6 });
  response.end("hello\n");
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
