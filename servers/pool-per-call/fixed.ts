// A poller: 23 requests, one every 50 ms, each answered and read to its end.
//
// What is right: one pool for all calls. It finds an idle connection for each call but the first.
// On the wire: one handshake, and one request after another over the same connection.

import { Agent, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { to: { type: "string", default: "127.0.0.1:8080" } } });

const agent = new Agent({ keepAlive: true }); // the fix

function poll(): Promise<void> {
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
