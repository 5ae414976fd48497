// A poller: 23 requests, one every 50 ms, each answered and read to its end.
//
// What is wrong: every call makes a pool of its own. The call is over and the pool is forgotten, but its connection is kept alive, for a
// next call that will have another pool.
// On the wire: a handshake for each request, and after the answer nothing. No end closes.

import { Agent, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { to: { type: "string", default: "127.0.0.1:8080" } } });

function poll(): Promise<void> {
  // The bug: this pool is for one call.
  const agent = new Agent({ keepAlive: true });
  return new Promise((resolve, reject) => {
    get(`http://${values.to}/`, { agent }, (response) => {
      response.resume().once("end", resolve);
    }).once("error", reject);
  });
}

process.once("SIGTERM", () => process.exit(0));
for (let call = 1; call <= 23; call += 1) {
  await poll();
  await sleep(50);
}
console.log("23 calls, 23 answers");
// The service goes on with other work for a while.
await sleep(2500);
process.exit(0);
