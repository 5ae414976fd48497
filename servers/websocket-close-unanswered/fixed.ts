// A web server that echoes the messages of its WebSockets, and closes one whose client breaks the protocol.
//
// What is right: after its Close frame it waits a second for the client's, and no longer.
// On the wire: the server's Close frame, and a second later its FIN.

import { createHash } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

/** RFC 6455, sections 1.3 and 5.2. */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const [TEXT, CLOSE, PROTOCOL_ERROR] = [0x1, 0x8, 1002];
/** A head of two bytes and a mask: longer messages are refused. */
const [HEAD_BYTES, MOST_BYTES] = [6, 125];

const server = createServer((request, response) => {
  request.resume();
  response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": 6 });
  response.end("hello\n");
});

server.on("upgrade", (request, stream) => {
  const socket = stream as Socket;
  const key = request.headers["sec-websocket-key"] ?? "";
  const accept = createHash("sha1").update(`${key}${GUID}`).digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
  );
  let isClosing = false;
  let unread = Buffer.alloc(0);
  const send = (opcode: number, payload: Buffer): void =>
    void socket.write(Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload]));
  const close = (): void => {
    isClosing = true;
    send(CLOSE, Buffer.from([PROTOCOL_ERROR >> 8, PROTOCOL_ERROR & 0xff]));
    setTimeout(() => socket.destroy(), 1000); // the fix
  };
  const read = (opcode: number, payload: Buffer): void => {
    if (opcode === CLOSE) {
      if (!isClosing) send(CLOSE, payload.subarray(0, 2));
      socket.end();
    } else if (!isClosing) send(TEXT, payload);
  };
  socket.on("data", (bytes: Buffer) => {
    unread = Buffer.concat([unread, bytes]);
    while (unread.length >= 2) {
      const [first = 0, second = 0] = unread;
      const [isMasked, length] = [(second & 0x80) !== 0, second & 0x7f];
      if (!isMasked || length > MOST_BYTES) {
        unread = Buffer.alloc(0);
        return isClosing ? undefined : close();
      }
      if (unread.length < HEAD_BYTES + length) return undefined;
      const mask = unread.subarray(2, HEAD_BYTES);
      const payload = unread.subarray(HEAD_BYTES, HEAD_BYTES + length);
      unread = unread.subarray(HEAD_BYTES + length);
      read(first & 0x0f, payload.map((byte, nth) => byte ^ (mask[nth % 4] ?? 0)) as Buffer);
    }
    return undefined;
  });
  socket.on("end", () => socket.end());
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
