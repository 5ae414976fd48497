// An agent that waits for a service on its own machine: it calls connect() until somebody answers.
//
// What is wrong: the service is down, and its port lies in net.ipv4.ip_local_port_range. Sooner or later the kernel gives that very port
// to the agent's socket, as its local port. The socket's SYN then arrives at the socket that sent it.
// On the wire, or rather on loopback: a SYN, the same SYN back, a SYN-ACK. The connection has one end, and the agent reads what it has
// written. The port is taken: the service cannot start again.

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
    // The bug: a connection is taken for a connection to the service.
    tell("connected", { isSelf });
    socket.write("hello from the agent\n");
  });
  socket.on("data", (text) => tell("answer", { text: text.toString().trim() }));
  socket.on("error", () => socket.destroy());
  socket.on("close", () => setTimeout(attempt, Number(values["pause-ms"])));
}

attempt();
process.once("SIGTERM", () => process.exit(0));
