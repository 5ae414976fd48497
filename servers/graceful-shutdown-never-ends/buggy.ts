// A server whose clients keep their connections: a line there, a line back, as Redis and many databases have it. On SIGTERM it ends gracefully.
//
// What is wrong: close() stops listening, and calls back when the last connection has ended. Nobody ends those that are idle.
// On the wire: nothing. New clients are refused, and the old ones have a connection to a server that should be gone.

import { createServer, type AddressInfo, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

/** The connections, and whether an answer is under way. */
const connections = new Map<Socket, boolean>();
let isEnding = false;

async function answer(socket: Socket, line: string): Promise<void> {
  connections.set(socket, true);
  socket.pause(); // One line after the other, and none for a client that does not read.
  await new Promise((resolve) => setTimeout(resolve, 20));
  socket.write(`${line}\n`);
  if (!socket.writableNeedDrain) socket.resume();
  connections.set(socket, false);
  // Nobody is cut off in the middle of an answer.
  if (isEnding || socket.readableEnded) socket.destroySoon();
}

const server = createServer({ allowHalfOpen: true, keepAlive: true }, (socket) => {
  connections.set(socket, false);
  const lines = createInterface(socket).on("line", (line) => void answer(socket, line));
  lines.on("error", () => socket.destroy()); // readline passes on an error of its socket.
  socket.once("end", () => {
    if (connections.get(socket) === false) socket.destroySoon();
  });
  socket.on("drain", () => socket.resume());
  socket.once("close", () => connections.delete(socket)).on("error", () => socket.destroy());
});

process.once("SIGTERM", () => {
  isEnding = true;
  // The bug: this waits for connections that have nothing to finish.
  server.close(() => process.exit(0));
});
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
