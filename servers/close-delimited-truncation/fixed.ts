// An HTTP server that sends a list. In the middle, what it reads the list from fails, and it closes the connection.
//
// What is right: the answer says how long it is. A client that gets less knows that something is missing.
// On the wire: half of the list, and a FIN.

import { type AddressInfo, createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const LIST = Array.from({ length: 997 }, (_, nth) => `item ${nth + 1}\n`).join("");

/** Sends the list as far as it can be read, and ends: what it is read from fails in the middle. */
function answer(socket: Socket): void {
  socket.write(`HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ${LIST.length}\r\n\r\n`); // the fix
  socket.write(LIST.slice(0, LIST.length / 2));
  socket.end();
}

const server = createServer((socket) => {
  socket.once("data", () => answer(socket));
  socket.on("error", () => socket.destroy());
  socket.setTimeout(5000, () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
