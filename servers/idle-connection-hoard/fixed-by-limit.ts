// An echo server that allows each client address at most eleven connections.
//
// What is right: one address cannot take all descriptors. How long a connection may be idle is still not limited.
// On the wire: the twelfth connection from an address is accepted, because the address is known only then, and ended with a FIN.
// The client's request is read and discarded, because close() with unread input would send a RST.

import { type AddressInfo, createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const MOST_EACH = 11;
const held = new Map<string, number>();

/** Whether this address may have one more connection. If so, it is counted until it has closed. */
function admit(socket: Socket): boolean {
  const client = socket.remoteAddress ?? "";
  const count = held.get(client) ?? 0;
  if (count >= MOST_EACH) return false;
  held.set(client, count + 1);
  socket.once("close", () => held.set(client, (held.get(client) ?? 1) - 1));
  return true;
}

/** Ends a connection, and waits at most a second until the client has ended it, too. */
function refuse(socket: Socket): void {
  socket.resume();
  socket.end();
  setTimeout(() => socket.destroy(), 1000);
}

function serve(socket: Socket): void {
  socket.on("error", () => socket.destroy());
  if (!admit(socket)) return refuse(socket); // the fix
  socket.pipe(socket);
}

const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 1000 }, serve);

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
