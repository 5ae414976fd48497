// An HTTP server of one's own, which keeps every connection.
//
// What is wrong: it has learnt that HTTP keeps connections, and reads neither the version nor the field Connection. A client that has said
// `Connection: close`, or that speaks HTTP/1.0, waits for the end of the connection.
// On the wire: the answer, and no FIN. The client's own timeout ends it.

import { createServer, type AddressInfo } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\ntemperature 23\n";

const server = createServer((socket) => {
  let unread = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    unread += text;
    for (let end = unread.indexOf("\r\n\r\n"); end >= 0; end = unread.indexOf("\r\n\r\n")) {
      unread = unread.slice(end + 4);
      // The bug: whatever the head says, the connection stays.
      socket.write(ANSWER);
    }
    if (socket.writableNeedDrain) socket.pause();
  });
  socket.on("drain", () => socket.resume());
  socket.on("error", () => socket.destroy());
});
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
