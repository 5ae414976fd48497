// A server that counts the words of a text, and is slow at it. The client's end of sending is the end of the text.
//
// What is right: the text is read to end-of-file, and the answer goes out when it is ready. The end of the connection comes behind it.
// On the wire: the client's FIN is acknowledged at once. From then on this end is in CLOSE-WAIT, for as long as the work takes.

import { type AddressInfo, createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    "work-ms": { type: "string", default: "30000" },
  },
});

const server = createServer({ allowHalfOpen: true }, (socket) => {
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (part) => (text += String(part)));
  socket.on("end", () => {
    const answer = `${text.trim().split(/\s+/).length}\n`;
    setTimeout(() => socket.end(answer), Number(values["work-ms"]));
  });
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
