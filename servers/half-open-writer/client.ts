// A client whose connections answer each line from the server with "ok", until the server ends them.
//
// On the wire: a line, and its answer, which also acknowledges it. Node itself answers the server's FIN with a FIN. This end writes,
// too: if the server does not acknowledge an answer within 1.5 s, the connection ends.
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
