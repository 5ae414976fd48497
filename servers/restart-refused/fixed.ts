// An echo server that on SIGHUP closes all its sockets and listens again: a restart within one process.
//
// What is right: its listening sockets have SO_REUSEADDR before bind(). Connections inherit the option, and so do their TIME-WAIT. So a
// TIME-WAIT does not block the next listener, which has the option, too.
// On the wire: a FIN for each open connection, and the next SYN is answered as before.
// Uses harness/kernel, so that it differs from buggy.ts in one line; Node would set SO_REUSEADDR by itself.

import { createServer, type Server, type Socket } from "node:net";
import { parseArgs } from "node:util";
import { socketAddress } from "../../harness/kernel/address.ts";
import { errnoName } from "../../harness/kernel/libc.ts";
import { bind, close, socket } from "../../harness/kernel/socket.ts";
import { setOption } from "../../harness/kernel/sockopt.ts";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const RETRY_MS = 250;
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
const open = new Set<Socket>();
let server: Server | undefined;
let isReady = false;

function serve(client: Socket): void {
  open.add(client);
  client.on("close", () => open.delete(client));
  client.pipe(client);
  client.on("error", () => client.destroy());
}

/** Binds the port. After a restart it tries again while bind() is refused. */
function listen(): void {
  const address = socketAddress(values.host, Number(values.port));
  const fd = socket(address.family);
  setOption(fd, "SO_REUSEADDR", 1); // the fix
  const result = bind(fd, address);
  if (result < 0) {
    close(fd);
    const code = errnoName(-result);
    if (!isReady) throw new Error(`the server cannot listen on port ${values.port}: ${code}`);
    console.log(JSON.stringify({ kind: "listen", monotonicUs: nowUs(), code }));
    setTimeout(listen, RETRY_MS);
    return;
  }
  server = createServer(serve).listen({ fd }, () => {
    if (!isReady) console.log(`ready ${values.port}`);
    isReady = true;
  });
}

listen();
process.on("SIGHUP", () => {
  server?.close();
  for (const client of open) client.destroy();
  listen();
});
process.once("SIGTERM", () => process.exit(0));
