// Sends requests at a steady rate, each on its own connection, to several addresses in turn. The server closes first.
//
// On the wire: a request with `Connection: close`, the answer and the server's FIN, and only then the client's FIN.

import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", multiple: true, default: ["127.0.0.1:8080"] },
    rate: { type: "string", default: "23" },
    "duration-ms": { type: "string", default: "1000" },
  },
});
const request = "GET / HTTP/1.1\r\nHost: laboratory\r\nConnection: close\r\n\r\n";
let [answered, failed] = [0, 0];

function ask(to: string): Promise<void> {
  const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(to) ?? [];
  return new Promise((resolve) => {
    let text = "";
    const socket = connect({ host, port: Number(port), timeout: 10_000 }, () => socket.write(request));
    socket.on("data", (piece) => (text += piece.toString("latin1")));
    socket.on("timeout", () => socket.destroy());
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      if (text.startsWith("HTTP/1.1 200 ")) answered += 1;
      else failed += 1;
      resolve();
    });
  });
}

const beganMs = performance.now();
const apartMs = 1000 / Number(values.rate);
const all: Promise<void>[] = [];
for (let nth = 0; nth * apartMs < Number(values["duration-ms"]); nth += 1) {
  await sleep(Math.max(0, beganMs + nth * apartMs - performance.now()));
  all.push(ask(values.to[nth % values.to.length] ?? ""));
}
await Promise.all(all);
const monotonicUs = Number(process.hrtime.bigint() / 1000n);
console.log(JSON.stringify({ kind: "asked", monotonicUs, answered, failed }));
