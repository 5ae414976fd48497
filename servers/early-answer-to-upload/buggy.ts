// A web server that refuses uploads at their head, and has done with them.
//
// What is wrong: it closes while the upload still comes. close() with unread input is a RST, and what arrives later gets one, too.
// On the wire: the answer, and right behind it a RST: a client that was still sending loses the answer.

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
    // The bug: the rest of the upload is still on its way.
    response.end(NO, () => request.socket.destroy());
    return;
  }
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": 6 });
  response.end("hello\n");
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
