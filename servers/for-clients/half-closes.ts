// An HTTP/1.1 server that ends its direction after the first answer, and never closes.
//
// What it sends after that is nothing: a later request on the connection is acknowledged and not answered, and no RST tells the client so.
// On the wire: request, answer, FIN. Whatever the client sends then is acknowledged.

import { createServer, type AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
const BODY = "an answer, and half of the end\n";

const server = createServer({ allowHalfOpen: true }, (socket) => {
  let request = "";
  socket.on("data", (piece: Buffer) => {
    if (socket.writableEnded) return;
    request += piece.toString("latin1");
    if (!request.includes("\r\n\r\n")) return;
    socket.end(`HTTP/1.1 200 OK\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`);
    console.log(
      JSON.stringify({
        kind: "misbehaviour",
        monotonicUs: nowUs(),
        did: "ended its direction after an answer",
      }),
    );
  });
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
