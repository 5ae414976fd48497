// An agent that waits for a service on its own machine: it calls connect() until the service answers.
//
// What is right: a connection whose two ends are the same is not the service. The agent resets it, so that neither a connection nor a
// TIME-WAIT keeps the port, and tries again.
// On the wire, or rather on loopback: such a connection ends at once with a RST. When the service is back, the agent reaches it.

import { connect } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", default: "127.0.0.1:40022" },
    "pause-ms": { type: "string", default: "5" },
  },
});
const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(values.to) ?? [];
let attempts = 0;

function tell(kind: string, more: object): void {
  const monotonicUs = Number(process.hrtime.bigint() / 1000n);
  console.log(JSON.stringify({ kind, monotonicUs, attempts, ...more }));
}

function attempt(): void {
  attempts += 1;
  const socket = connect({ host, port: Number(port) });
  socket.on("connect", () => {
    const isSelf = socket.localPort === socket.remotePort && socket.localAddress === socket.remoteAddress;
    if (isSelf) return void socket.resetAndDestroy(); // the fix
    tell("connected", { isSelf });
    socket.write("hello from the agent\n");
  });
  socket.on("data", (text) => tell("answer", { text: text.toString().trim() }));
  socket.on("error", () => socket.destroy());
  socket.on("close", () => setTimeout(attempt, Number(values["pause-ms"])));
}

attempt();
process.once("SIGTERM", () => process.exit(0));
