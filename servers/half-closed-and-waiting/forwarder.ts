// A forwarder that connects every client to a backend, and passes on the end of either direction as it passes on data.
//
// What is right: `allowHalfOpen` at both ends, so that Node does not answer a FIN by itself, and pipe(), which calls end() at end-of-file.
// On the wire: the client's FIN goes on to the backend. This host is in CLOSE-WAIT toward the client and in FIN-WAIT-2 toward the
// backend, until the answer and its FIN come back.

import { type AddressInfo, connect, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    to: { type: "string", default: "127.0.0.1:9090" },
  },
});
const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(values.to) ?? [];

const server = createServer({ allowHalfOpen: true }, (client) => {
  const behind = connect({ host, port: Number(port), allowHalfOpen: true });
  client.pipe(behind).pipe(client);
  client.on("error", () => behind.destroy());
  behind.on("error", () => client.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
