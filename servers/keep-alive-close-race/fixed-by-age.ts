// A client with a pool of kept connections. It asks something on each, blocks its event loop for most of a second, and asks again.
//
// What is right: it does not use a connection again that has been idle for longer than its server may allow.
// On the wire: a FIN from the server, one from the client, and a handshake for the next request.

import { Agent, get } from "node:http";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", default: "127.0.0.1:8080" },
    connections: { type: "string", default: "23" },
  },
});

const agent = new Agent({ keepAlive: true });
let asked = 0;

function ask(): Promise<string> {
  return new Promise((resolve) => {
    get(`http://${values.to}/`, { agent }, (response) => {
      response.resume().once("end", () => resolve("ok"));
    }).once("error", ({ code = "unknown" }: NodeJS.ErrnoException) => resolve(code));
  });
}

/** Asks, reports what became of it, and asks once more if it failed. */
async function poll(): Promise<void> {
  asked += 1;
  const [attempt, begun] = [asked, process.hrtime.bigint()];
  const result = await ask();
  const totalMs = Number(process.hrtime.bigint() - begun) / 1e6;
  const outcome = result === "ok" ? "ok" : { phase: "response", code: result, call: "recv" };
  const times = { localPort: null, connectMs: null, firstByteMs: null, totalMs };
  const monotonicUs = Number(begun / 1000n);
  console.log(
    JSON.stringify({ kind: "attempt", monotonicUs, attempt, connection: attempt, ...times, outcome }),
  );
  if (result !== "ok") await poll();
}

/** Nothing else happens in this process meanwhile, as in execSync(), or when a program computes. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

process.once("SIGTERM", () => process.exit(0));
for (let round = 1; round <= 6; round += 1) {
  await Promise.all(Array.from({ length: Number(values.connections) }, poll));
  if (round < 6) block(800);
  agent.destroy(); // the fix: what has been idle for so long may be closed at the other end
}
process.exit(0);
