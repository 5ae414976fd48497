// An HTTP server that ends the connection after every answer, on a machine where a tuning guide has lowered tcp_max_tw_buckets.
//
// What is wrong: each request leaves a TIME-WAIT at this end for 60 s, and net.ipv4.tcp_max_tw_buckets allows fewer than that.
// On the wire: nothing unusual. A connection beyond the limit is forgotten when its last ACK is sent: if that ACK is lost, the
// client's repeated FIN is answered with a RST, and late segments of the old connection meet nobody who knows them.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

/** The versions of HTTP whose connections are kept after an answer. */
const keptAlive = new Set<string>();
// The bug: every answer has `Connection: close`, and this end closes first.

const server = createServer({ keepAliveTimeout: 1000, noDelay: true }, (request, response) => {
  request.resume();
  response.shouldKeepAlive = keptAlive.has(request.httpVersion);
  response.end("hello\n");
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
