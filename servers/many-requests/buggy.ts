// An HTTP server that ends a connection after 47 requests, and does not say so.
//
// What is wrong: somebody wanted connections to be spread anew now and then. The answer that is the last one looks like all others.
// On the wire: the 47th answer, and a FIN. The client's next request is on its way, and is answered with an RST.

import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const MOST = 47;
const counts = new WeakMap<Socket, number>();

const server = createServer(({ socket }, response) => {
  const count = (counts.get(socket) ?? 0) + 1;
  counts.set(socket, count);
  response.end("temperature 23\n");
  // The bug: the end comes without `Connection: close`.
  if (count === MOST) response.once("finish", () => socket.end());
});
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
