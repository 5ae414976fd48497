// A worker that keeps its connection for the next job.
//
// What is right: after each job, the connection goes back to the list of idle ones, and the next job takes it from there. All
// jobs together need one port, and leave one TIME-WAIT at the end.
// On the wire: one handshake, then requests and answers, then one FIN each way.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", default: "127.0.0.1:8080" },
    attempts: { type: "string", default: "97" },
    rate: { type: "string", default: "100" },
    "hold-ms": { type: "string", default: "0" },
  },
});
const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(values.to) ?? [];
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
const idle: Socket[] = [];
let connections = 0;

/** Does one job, and reports it as a line of JSON. A wait for the server ends after 5 s. */
async function work(attempt: number): Promise<void> {
  const monotonicUs = nowUs();
  const elapsedMs = (): number => (nowUs() - monotonicUs) / 1000;
  const bound = { signal: AbortSignal.timeout(5000) };
  const times: Record<string, number | null> = {
    localPort: null,
    connectMs: null,
    firstByteMs: null,
    totalMs: null,
  };
  let outcome: "ok" | object = "ok";
  let phase = "connect";
  try {
    let socket = idle.pop();
    if (socket === undefined) {
      connections += 1;
      socket = connect({ host, port: Number(port) }).on("error", () => {});
      await once(socket, "connect", bound);
      times.connectMs = elapsedMs();
    }
    phase = "response";
    times.localPort = socket.localPort ?? null;
    socket.write(`attempt ${attempt}\n`);
    await once(socket, "data", bound);
    times.firstByteMs = times.totalMs = elapsedMs();
    idle.push(socket); // the fix
    if (!idle.includes(socket)) socket.end();
  } catch (error) {
    const { code = "unexpected", syscall = phase } = error as NodeJS.ErrnoException;
    outcome = { phase, code: code === "ABORT_ERR" ? "timeout" : code, call: syscall };
  }
  const line = { kind: "attempt", monotonicUs, attempt, connection: connections, ...times, outcome };
  console.log(JSON.stringify(line));
}

async function run(): Promise<void> {
  for (let attempt = 1; attempt <= Number(values.attempts); attempt += 1) {
    await work(attempt);
    await sleep(Number(values.rate) > 0 ? 1000 / Number(values.rate) : 0);
  }
  await sleep(Number(values["hold-ms"]));
  process.exit(0);
}

process.once("SIGTERM", () => process.exit(0));
void run();
