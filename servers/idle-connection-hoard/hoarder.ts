// A client that opens connections, uses each of them once, and keeps them. It is the other end of the servers in this folder.
//
// `--silent`: it sends nothing at all. `--every-ms N`: it sends a line on each connection every N ms, so that none is ever idle.
// On the wire: SYN, a line, its echo, and then only acknowledgements. It does not replace a connection that was ended.

import { connect } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", default: "127.0.0.1:8080" },
    connections: { type: "string", default: "97" },
    silent: { type: "boolean", default: false },
    "every-ms": { type: "string", default: "0" },
  },
});
const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(values.to) ?? [];
const everyMs = Number(values["every-ms"]);

function hoard(): void {
  const socket = connect({ host, port: Number(port), noDelay: true });
  const say = (): void => void socket.write("still here\n");
  socket.on("connect", () => {
    if (!values.silent) say();
    if (everyMs > 0) socket.once("close", clearInterval.bind(null, setInterval(say, everyMs)));
  });
  socket.on("error", () => socket.destroy());
  socket.resume();
}

// The connections do not begin all at once, so that a server has time to refuse some.
for (let nth = 0; nth < Number(values.connections); nth += 1) setTimeout(hoard, nth * 5);
// Keeps the process running when all connections were ended, until it gets a signal.
const alive = setInterval(() => {}, 60_000);
process.once("SIGTERM", () => {
  clearInterval(alive);
  process.exit(0);
});
