// A service that is stopped and started again for a deployment. SIGHUP stands for `systemctl stop`, and the next SIGHUP for `start`.
//
// What is right: its port lies below net.ipv4.ip_local_port_range. The kernel gives no such port to an outgoing connection.
// On the wire: nothing between stop and start, and then the service is there again.

import { createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8022" }, // the fix
    host: { type: "string", default: "::" },
    tries: { type: "string", default: "3" },
    "pause-ms": { type: "string", default: "300" },
  },
});
const server = createServer((socket) => {
  socket.pipe(socket);
  socket.on("error", () => socket.destroy());
});
let tries = 0;

function tell(result: string): void {
  const monotonicUs = Number(process.hrtime.bigint() / 1000n);
  console.log(JSON.stringify({ kind: "start", monotonicUs, result }));
}

function start(): void {
  tries += 1;
  server.listen({ port: Number(values.port), host: values.host });
}

server.on("listening", () => {
  tell("ok");
  console.log(`ready ${values.port}`);
});
server.on("error", (error: NodeJS.ErrnoException) => {
  tell(error.code ?? error.message);
  if (tries < Number(values.tries)) setTimeout(start, Number(values["pause-ms"]));
});
process.on("SIGHUP", () => {
  tries = 0;
  if (server.listening) server.close();
  else start();
});
process.once("SIGTERM", () => process.exit(0));
// Without a listener, nothing else keeps the process.
setInterval(() => {}, 60_000);
start();
