// A client whose connections send one line, and then wait until the server ends them.
//
// On the wire: one line each way at the beginning, then nothing. Node itself answers the server's FIN with a FIN.

import { connect } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", multiple: true, default: ["127.0.0.1:8080"] },
    connections: { type: "string", default: "1" },
  },
});

function open(to: string): void {
  const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(to) ?? [];
  const socket = connect({ host, port: Number(port), noDelay: true }, () => socket.write("hello\n"));
  socket.on("error", () => socket.destroy());
  socket.resume();
}

for (const to of values.to) {
  for (let nth = 0; nth < Number(values.connections); nth += 1) open(to);
}
process.once("SIGTERM", () => process.exit(0));
