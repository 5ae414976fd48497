// An HTTP/1.1 server that closes a connection soon after its last answer, and does not say that it will.
//
// No Keep-Alive header names the time. A client that sends its next request at that very moment is answered with RST.
// On the wire: request, answer, `--idle-ms` of silence, FIN. A request that comes after the FIN is answered with RST.

import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    "idle-ms": { type: "string", default: "300" },
  },
});
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
const closing = new Map<Socket, NodeJS.Timeout>();

const server = createServer((request, response) => {
  const { socket } = request;
  clearTimeout(closing.get(socket));
  response.once("finish", () => {
    const close = (): void => {
      if (!socket.destroyed)
        console.log(
          JSON.stringify({ kind: "misbehaviour", monotonicUs: nowUs(), did: "closed an idle connection" }),
        );
      socket.destroy();
    };
    closing.set(socket, setTimeout(close, Number(values["idle-ms"])));
  });
  request
    .resume()
    .once("end", () => response.end("an answer, and no word about the end of the connection\n"));
});
server.on("connection", (socket) => {
  socket.once("close", () => {
    clearTimeout(closing.get(socket));
    closing.delete(socket);
  });
});
// Node would send a hint with any other time, and close in time itself.
server.keepAliveTimeout = 0;

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
