// An HTTP server that keeps idle connections for ten minutes, as many do behind a proxy or inside a data centre.
//
// What is right: it keeps a connection because the client may want to use it again, closes it when the client closes, and lets the
// kernel ask whether the client is still there.
// On the wire: an answer with a length, and a connection that stays.

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const server = createServer((_, response) => response.end("temperature 23\n"));
server.keepAliveTimeout = 600_000;
server.on("connection", (socket) => socket.setKeepAlive(true, 60_000));

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
