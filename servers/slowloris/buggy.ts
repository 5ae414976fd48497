// An HTTP server that answers each request at once.
//
// What is wrong: somebody has switched off both limits, because a long upload was cut. A request may take as long as it likes.
// On the wire: on some connections a header every 300 ms, acknowledged, and no answer. Nobody closes.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

// The bug: no limit for a head, and none for a request.
const limits = { headersTimeout: 0, requestTimeout: 0 };
const server = createServer(limits, (_, response) => response.end("temperature 23\n"));
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
