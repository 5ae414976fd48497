// An echo server with a backlog that is long enough for the pauses of its event loop.
//
// What is right: the job still blocks the loop 0.8 s of every 1.5 s, but the queue of finished handshakes holds 512, and
// all that arrive during the job find room in it (the kernel takes the smaller of this number and net.core.somaxconn).
// On the wire: every SYN is answered at once, by the kernel. The request then waits for accept(), for as long as the job
// runs: at most 0.8 s, with no cliff and nothing lost. The delay is still there, the loss is not.

import { type AddressInfo, createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "::" } },
});
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

const server = createServer((socket) => {
  const monotonicUs = nowUs(); // As near to accept() as a program in Node can look.
  socket.on("data", (line) => {
    socket.write(line);
    console.log(JSON.stringify({ kind: "service", monotonicUs, serviceMs: (nowUs() - monotonicUs) / 1000 }));
  });
  socket.on("error", () => socket.destroy());
});
const listening = { port: Number(values.port), host: values.host, backlog: 4 };
listening.backlog = 511; // the fix
server.listen(listening, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));

const never = new Int32Array(new SharedArrayBuffer(4));

/** 80 steps of 10 ms. Waiting stands for computing: it blocks the event loop alike, and leaves the core to others. */
async function job(): Promise<void> {
  await sleep(700);
  for (let step = 1; step <= 80; step += 1) {
    Atomics.wait(never, 0, 0, 10);
  }
  void job();
}
void job();
