// A poller: 23 requests, one every 50 ms, each answered and read to its end.
//
// What is right: a pool that is made for one call is destroyed after it, with its connection. Every call still needs a handshake.
// On the wire: a handshake for each request, and a FIN after the answer. The server closes in turn, and the TIME-WAIT is here.

import { Agent, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { to: { type: "string", default: "127.0.0.1:8080" } } });

function poll(): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  return new Promise<void>((resolve, reject) => {
    get(`http://${values.to}/`, { agent }, (response) => {
      response.resume().once("end", resolve);
    }).once("error", reject);
  }).finally(() => agent.destroy()); // the fix
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
