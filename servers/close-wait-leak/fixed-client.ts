// A client that answers the server's end-of-file, and makes a new connection for each retry.
//
// What is right: after end-of-file, a program that has nothing more to send closes, too. The line marked below does so. Without
// `allowHalfOpen: true`, Node does the same by itself.
// On the wire: the server's FIN is answered with a FIN. CLOSE-WAIT lasts microseconds, and the client keeps nothing. The server
// closed first, and has the TIME-WAIT.

import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", default: "127.0.0.1:8080" },
    attempts: { type: "string", default: "47" },
    rate: { type: "string", default: "100" },
    "hold-ms": { type: "string", default: "3000" },
  },
});
const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(values.to) ?? [];

const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

function ask(attempt: number): void {
  const monotonicUs = nowUs();
  const sinceMs = (): number => (nowUs() - monotonicUs) / 1000;
  let connectMs: number | null = null;
  let localPort: number | null = null;
  const report = (firstByteMs: number | null, outcome: "ok" | object): void => {
    const line = { kind: "attempt", monotonicUs, attempt, connection: attempt, localPort, connectMs };
    console.log(JSON.stringify({ ...line, firstByteMs, totalMs: firstByteMs, outcome }));
  };

  const socket = connect({ host, port: Number(port), allowHalfOpen: true }, () => {
    connectMs = sinceMs();
    localPort = socket.localPort ?? null;
    socket.write(`attempt ${attempt}\n`);
  });
  socket.once("data", () => report(sinceMs(), "ok"));
  socket.once("end", () => socket.end()); // the fix
  socket.on("error", (error: NodeJS.ErrnoException) => {
    const phase = connectMs === null ? "connect" : "response";
    report(null, { phase, code: error.code ?? "unexpected", call: error.syscall ?? "connect" });
  });
}

async function run(): Promise<void> {
  for (let attempt = 1; attempt <= Number(values.attempts); attempt += 1) {
    ask(attempt);
    await sleep(Number(values.rate) > 0 ? 1000 / Number(values.rate) : 0);
  }
  await sleep(Number(values["hold-ms"]));
  process.exit(0);
}

process.once("SIGTERM", () => process.exit(0));
void run();
