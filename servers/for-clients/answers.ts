// A correct HTTP/1.1 server: what the wire and the lab spoil in some tests of clients is spoilt on the way to this one.
//
// It answers every request with 200 and a body of `--bytes` bytes, in ten pieces over `--seconds`, and keeps connections open for a minute.
// On SIGTERM it ends at once, so that the kernel closes its connections.

import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    bytes: { type: "string", default: "1000" },
    seconds: { type: "string", default: "0" },
  },
});
const PIECES = 10;
const bytes = Number(values.bytes);
const pauseMs = (Number(values.seconds) * 1000) / PIECES;

async function answer(response: ServerResponse): Promise<void> {
  response.writeHead(200, { "Content-Length": bytes, "Content-Type": "text/plain" });
  if (pauseMs === 0) {
    response.end("a".repeat(bytes));
    return;
  }
  const piece = Math.ceil(bytes / PIECES);
  for (let from = 0; from < bytes; from += piece) {
    response.write("a".repeat(Math.min(piece, bytes - from)));
    await sleep(pauseMs);
  }
  response.end();
}

const server = createServer((request, response) => {
  request.resume().once("end", () => void answer(response));
});
server.keepAliveTimeout = 60_000;

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
