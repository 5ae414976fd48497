// A client that says goodbye over each of its connections, and waits for the server's goodbye before it ends them.
//
// What is wrong: the wait has no limit. TCP has nothing to wait for, so no timer of the kernel ends it either.
// On the wire: a goodbye and its acknowledgement, and then nothing.

import { connect, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", default: "127.0.0.1:8080" },
    connections: { type: "string", default: "23" },
  },
});
const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(values.to) ?? [];

const tell = (event: string): void => {
  console.log(JSON.stringify({ kind: event, monotonicUs: Number(process.hrtime.bigint() / 1000n) }));
};

/** Closes as WebSocket, MQTT and others do: both ends say goodbye, and then the connection is ended. */
function close(socket: Socket): void {
  socket.write("goodbye\n");
  tell("goodbye");
  socket.once("data", () => socket.end());
  // The bug: a server that does not answer keeps the connection open.
}

for (let nth = 0; nth < Number(values.connections); nth += 1) {
  const socket = connect({ host, port: Number(port) }, () => socket.write("hello\n"));
  socket.once("data", () => close(socket));
  socket.on("error", () => socket.destroy());
  socket.on("close", () => tell("closed"));
}
process.once("SIGTERM", () => process.exit(0));
