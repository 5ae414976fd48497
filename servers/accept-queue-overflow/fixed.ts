// An echo server with a tiny backlog. Its periodic job gives the event loop a turn after each step.
//
// What is right: the job takes as long as before, in steps of 10 ms. Between two steps, the loop accepts the connections that
// have arrived. The backlog can stay tiny, because no connection waits in the queue for longer than a step.
// On the wire: every SYN is answered at once, and every request within a few steps. No overflow counter moves.

import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

const server = createServer((socket) => {
  const monotonicUs = nowUs(); // As soon after accept() as a Node program can read the clock.
  socket.on("data", (line) => {
    if (!socket.write(line)) socket.pause();
    console.log(JSON.stringify({ kind: "service", monotonicUs, serviceMs: (nowUs() - monotonicUs) / 1000 }));
  });
  socket.on("drain", () => socket.resume());
  socket.on("error", () => socket.destroy());
});
const listening = { port: Number(values.port), host: values.host, backlog: 4 };
server.listen(listening, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));

const never = new Int32Array(new SharedArrayBuffer(4));

/** 80 steps of 10 ms. Waiting stands in for computing: it blocks the event loop in the same way, but leaves the core to others. */
async function job(): Promise<void> {
  await sleep(700);
  for (let step = 1; step <= 80; step += 1) {
    Atomics.wait(never, 0, 0, 10);
    await sleep(0); // the fix
  }
  void job();
}
void job();
