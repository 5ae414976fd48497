// An echo server with a tiny backlog. A periodic job blocks its event loop for 0.8 s of every 1.5 s.
//
// What is wrong: accept() runs on the event loop. While the job runs, nothing is accepted, and the queue of finished
// handshakes holds only backlog + 1 = 5 connections.
// On the wire: the SYN of the sixth connection is dropped without an answer. So is each retry that meets a full queue. The
// client waits in SYN-SENT and tries again after 1 s, then 2 s, so its latency has steps at the kernel's retries. By its own
// clock, this server answers every connection that it accepts at once.

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
    // The bug: the event loop gets no turn between two steps.
  }
  void job();
}
void job();
