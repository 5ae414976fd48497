// A server that sends a document over TLS, its length in the first line. Of every second connection it loses the rest in the middle.
//
// What is right: a whole document ends with close_notify and then FIN: end(). A process that crashes or is killed ends as destroy() does.
// On the wire: nothing that one could read tells the two apart. Behind half a document the FIN comes without a last TLS record.

import type { AddressInfo } from "node:net";
import { createServer, type TlsOptions } from "node:tls";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const DOCUMENT = `${"-".repeat(9972)}\n`;
let connections = 0;

// A key that both ends know, instead of a certificate.
const options: TlsOptions = {
  maxVersion: "TLSv1.2",
  ciphers: "PSK",
  pskCallback: () => Buffer.alloc(16, "a secret"),
};

const server = createServer(options, (socket) => {
  const isCut = (connections += 1) % 2 === 0;
  const sent = isCut ? DOCUMENT.slice(0, DOCUMENT.length / 2) : DOCUMENT;
  socket.on("error", () => socket.destroy());
  socket.resume();
  socket.write(`${DOCUMENT.length}\n${sent}`, () => (isCut ? socket.destroy() : socket.end()));
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
