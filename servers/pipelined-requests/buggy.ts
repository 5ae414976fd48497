// An HTTP server of one's own, which answers one request for each read.
//
// What is wrong: it takes what one read has brought for one request. TCP has no messages: a read can bring half a request, or three. What
// follows the first head is thrown away.
// On the wire: three requests in one segment, and one answer. The client waits for the others.

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
    if (!unread.includes("\r\n\r\n")) return;
    // The bug: the rest of what has come goes with the head.
    const head = unread;
    unread = "";
    serve(socket, head);
  });
  socket.on("error", () => socket.destroy());
});
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
