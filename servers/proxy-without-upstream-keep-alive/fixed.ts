// A proxy: it passes every request on to a backend, and the answer back.
//
// What is right: it has a pool for the backend.
// On the wire: its clients keep their connections, and so does it.

import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    to: { type: "string", default: "127.0.0.1:9090" },
  },
});

const [hostname, backendPort] = values.to.split(":");
const agent = new Agent({ keepAlive: true }); // the fix

const server = createServer(
  { keepAliveTimeout: 75_000, keepAlive: true, noDelay: true },
  (incoming, outgoing) => {
    const { method, url: path, headers } = incoming;
    // A header for one connection is not passed on: RFC 9110, 7.6.1.
    const { connection: _, ...passed } = headers;
    const upstream = request(
      { hostname, port: backendPort, method, path, headers: passed, agent },
      (answer) => {
        const { connection: _, ...back } = answer.headers;
        outgoing.writeHead(answer.statusCode ?? 502, back);
        answer.pipe(outgoing);
      },
    );
    upstream.once("error", () => outgoing.writeHead(502).end());
    incoming.pipe(upstream);
  },
);

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
