// A client that ignores the server's end-of-file, and makes a new connection from a new port for each retry.
//
// What is wrong: the program forgets a connection that the server has ended, and never closes it. With `allowHalfOpen: true`,
// Node does not answer end-of-file by itself, and this program does not either.
// On the wire: the server's FIN is acknowledged, and no FIN goes back. CLOSE-WAIT sockets accumulate at the connecting side,
// each on its own ephemeral port. They stay until this process ends: `--hold-ms` after the last attempt.

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
  // The bug: nothing listens for "end", so nothing ends this half.
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
