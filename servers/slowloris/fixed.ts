// An HTTP server that answers each request at once.
//
// What is right: a head must be complete within a second. A body may take longer.
// On the wire: on some connections a header every 300 ms; after a second or so the answer 408, and a FIN.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const limits = { headersTimeout: 1000, requestTimeout: 0, connectionsCheckingInterval: 200 }; // the fix
const server = createServer(limits, (_, response) => response.end("temperature 23\n"));
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
