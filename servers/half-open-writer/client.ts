// Connections that answer each line from the server with "ok", for as long as the server lets them.
//
// On the wire: a line, and its answer, which acknowledges it too. The server's FIN is answered with a FIN, which Node does
// by itself. An answer that the server does not acknowledge within 1.5 s ends the connection: this end writes too.
// Uses harness/kernel, because Node has no API for TCP_USER_TIMEOUT.

import { connect } from "node:net";
import { parseArgs } from "node:util";
import { descriptorOf, setOption } from "../../harness/kernel/sockopt.ts";

const { values } = parseArgs({
  options: {
    to: { type: "string", multiple: true, default: ["127.0.0.1:8080"] },
    connections: { type: "string", default: "1" },
  },
});

function open(to: string): void {
  const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(to) ?? [];
  const socket = connect({ host, port: Number(port), noDelay: true }, () => {
    setOption(descriptorOf(socket), "TCP_USER_TIMEOUT", 1500);
  });
  socket.on("data", () => socket.write("ok\n"));
  socket.on("error", () => socket.destroy());
}

for (const to of values.to) {
  for (let nth = 0; nth < Number(values.connections); nth += 1) open(to);
}
process.once("SIGTERM", () => process.exit(0));
