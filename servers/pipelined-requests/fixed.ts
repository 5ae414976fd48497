// An HTTP server of one's own, which answers each request that a read has brought.
//
// What is right: it takes one head from what it has, answers, and looks again. What follows the last head is kept for the next read.
// On the wire: three requests in one segment, and three answers.

import { createServer, type AddressInfo, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const answer = (field: string): string =>
  `HTTP/1.1 200 OK\r\nContent-Length: 15\r\n${field}\r\ntemperature 23\n`;

/** Answers a request. The last one of a connection has `Connection: close`, or is of HTTP/1.0. */
function serve(socket: Socket, head: string): void {
  if (socket.writableEnded) return;
  const isKept = / HTTP\/1\.1(\r\n|$)/.test(head) && !/\r\nConnection: *close/i.test(head);
  if (isKept) return void socket.write(answer(""));
  socket.end(answer("Connection: close\r\n"));
  socket.setTimeout(1000, () => socket.destroy());
}

const server = createServer((socket) => {
  let unread = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    unread += text;
    for (let end = unread.indexOf("\r\n\r\n"); end >= 0; end = unread.indexOf("\r\n\r\n")) {
      const head = unread.slice(0, end);
      unread = unread.slice(end + 4); // the fix
      serve(socket, head);
    }
  });
  socket.on("error", () => socket.destroy());
});
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
