// A client that sends texts over connections of their own, ends each text with its direction, and waits for the answers.
//
// What is right: end() is shutdown(SHUT_WR). It says that the request is complete, and the answer can still be read.
// On the wire: a text and a FIN. From then on this end is in FIN-WAIT-2, without a timer, for as long as the answer takes.

import { connect } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", default: "127.0.0.1:8080" },
    connections: { type: "string", default: "23" },
  },
});
const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(values.to) ?? [];

const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

function ask(attempt: number): void {
  const monotonicUs = nowUs();
  let answer = "";
  const report = (outcome: "ok" | object): void => {
    const totalMs = (nowUs() - monotonicUs) / 1000;
    const line = {
      kind: "attempt",
      monotonicUs,
      attempt,
      connection: attempt,
      localPort: null,
      connectMs: null,
    };
    console.log(JSON.stringify({ ...line, firstByteMs: null, totalMs, outcome }));
  };
  const socket = connect({ host, port: Number(port), allowHalfOpen: true }, () =>
    socket.end("one two three\n"),
  );
  socket.setEncoding("utf8");
  socket.on("data", (part) => (answer += String(part)));
  socket.on("end", () =>
    report(answer === "3\n" ? "ok" : { phase: "response", code: "truncated", call: "recv" }),
  );
  socket.on("error", ({ code = "unexpected", syscall = "connect" }: NodeJS.ErrnoException) =>
    report({ phase: "response", code, call: syscall }),
  );
}

for (let attempt = 1; attempt <= Number(values.connections); attempt += 1) ask(attempt);
process.once("SIGTERM", () => process.exit(0));
