// An echo server with a backlog that is long enough for the pauses of its event loop.
//
// What is right: the job still blocks the loop for 0.8 s of every 1.5 s. But the queue of finished handshakes holds 512
// connections, enough for all that arrive during the job (the kernel takes the smaller of the backlog and
// net.core.somaxconn).
// On the wire: the kernel answers every SYN at once. The request then waits for accept() until the job ends: at most 0.8 s.
// There is still a delay, but nothing is lost, and the latency has no steps.

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
listening.backlog = 511; // the fix
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
  }
  void job();
}
void job();
