// A correct service that comes back after a while, as after a crash or a deployment. If its port is taken it tries again, like a service
// under a supervisor.
//
// On the wire: nothing until it listens. Then it answers each line with a line of its own.

import { createServer } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "40022" },
    "delay-ms": { type: "string", default: "0" },
    tries: { type: "string", default: "3" },
    "pause-ms": { type: "string", default: "300" },
  },
});
let tries = 0;

function tell(result: string): void {
  const monotonicUs = Number(process.hrtime.bigint() / 1000n);
  console.log(JSON.stringify({ kind: "listen", monotonicUs, result }));
}

const server = createServer((socket) => {
  socket.on("data", () => socket.write("hello from the service\n"));
  socket.on("error", () => socket.destroy());
});

function listen(): void {
  tries += 1;
  server.listen({ port: Number(values.port), host: "127.0.0.1" });
}

server.on("listening", () => tell("ok"));
server.on("error", (error: NodeJS.ErrnoException) => {
  tell(error.code ?? error.message);
  if (tries < Number(values.tries)) setTimeout(listen, Number(values["pause-ms"]));
});

setTimeout(listen, Number(values["delay-ms"]));
process.once("SIGTERM", () => process.exit(0));
