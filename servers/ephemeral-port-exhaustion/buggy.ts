// A worker that opens a new connection for each job, and closes it first.
//
// What is wrong: the end that closes first keeps its port for the 60 s of TIME-WAIT. To one address and port of a server, there
// can be only as many connections, open ones and TIME-WAIT together, as net.ipv4.ip_local_port_range has ports.
// On the wire: FIN from here, FIN from the server, and TIME-WAIT at this end. When the range is used up, connect() fails at once
// with EADDRNOTAVAIL, and sends no packet. On the server and in the network there is nothing to see.

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
    // The bug: the connection is not kept for the next job.
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
