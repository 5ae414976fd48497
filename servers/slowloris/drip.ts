// A client that begins 47 requests, and finishes none: it sends a header on each connection every 300 ms.
//
// What is wrong: nothing that HTTP forbids. A head has no largest time, and a phone in a tunnel does the same.
// On the wire: the first lines of a request, and then a few bytes now and then, as long as the server lets it.

import { connect, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", default: "127.0.0.1:8080" },
    connections: { type: "string", default: "47" },
  },
});
const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(values.to) ?? [];

function begin(): Socket {
  const socket = connect({ host, port: Number(port) }, () => {
    socket.write(`GET / HTTP/1.1\r\nHost: ${values.to}\r\n`);
    const drip = setInterval(() => socket.write("X-Wait: a while\r\n"), 300);
    socket.once("close", () => clearInterval(drip));
  });
  socket.on("error", () => socket.destroy());
  return socket.resume();
}

for (let nth = 0; nth < Number(values.connections); nth += 1) begin();
process.once("SIGTERM", () => process.exit(0));
// It stays, whatever becomes of its connections.
setInterval(() => {}, 1000);
