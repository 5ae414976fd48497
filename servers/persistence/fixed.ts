// An HTTP server of one's own, which keeps a connection if the request and RFC 9112, section 9.3, say so.
//
// What is right: a connection stays after a request of HTTP/1.1 without `Connection: close`. All others are ended after the answer, and the
// answer says so.
// On the wire: the answer with `Connection: close`, and a FIN.

import { createServer, type AddressInfo, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const answer = (field: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: 15\r\n${field}\r\ntemperature 23\n`;

/** The last answer, and a second for the client to close, too. */
function endWith(socket: Socket, last: string): void {
  socket.end(last);
  socket.setTimeout(1000, () => socket.destroy());
}

const server = createServer((socket) => {
  let unread = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    unread += text;
    for (let end = unread.indexOf("\r\n\r\n"); end >= 0; end = unread.indexOf("\r\n\r\n")) {
      const head = unread.slice(0, end);
      unread = unread.slice(end + 4);
      const isKept = / HTTP\/1\.1(\r\n|$)/.test(head) && !/\r\nConnection: *close/i.test(head);
      if (!isKept) return endWith(socket, answer("Connection: close\r\n"));
      socket.write(answer(""));
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
