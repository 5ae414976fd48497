// An echo server that gives each client's address eleven connections, and no more.
//
// What is right: one address cannot take all descriptors. How long a connection may be idle is still not limited.
// On the wire: the twelfth connection from an address is accepted, for nobody can look at the address before, and ended with a FIN.
// What the client asks meanwhile is read and thrown away: close() with unread input would be a RST.

import { type AddressInfo, createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});

const MOST_EACH = 11;
const held = new Map<string, number>();

/** Whether there is room for one more from this address. It is taken until the connection has closed. */
function admit(socket: Socket): boolean {
  const client = socket.remoteAddress ?? "";
  const count = held.get(client) ?? 0;
  if (count >= MOST_EACH) return false;
  held.set(client, count + 1);
  socket.once("close", () => held.set(client, (held.get(client) ?? 1) - 1));
  return true;
}

/** Ends it, and waits for a second at most until the client has done so too. */
function refuse(socket: Socket): void {
  socket.resume();
  socket.end();
  setTimeout(() => socket.destroy(), 1000);
}

function serve(socket: Socket): void {
  socket.on("error", () => socket.destroy());
  if (!admit(socket)) return refuse(socket); // the fix
  socket.on("data", (line) => socket.write(line));
}

const server = createServer({ noDelay: true, keepAlive: true, keepAliveInitialDelay: 1000 }, serve);

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
