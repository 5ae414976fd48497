// A monitor: it asks a page for its status, 23 times, one call after another.
//
// What is right: a body that nobody wants is refused, and the connection ends with it. Every call needs a handshake.
// On the wire: a handshake for each call, and a RST in the middle of the answer.

import { Agent, get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { to: { type: "string", default: "127.0.0.1:8080" } } });

const agent = new Agent({ keepAlive: true });

function statusOf(): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(`http://${values.to}/`, { agent }, (response) => {
      response.on("error", () => {}).destroy(); // the fix
      resolve(response.statusCode);
    }).once("error", reject);
  });
}

process.once("SIGTERM", () => process.exit(0));
let healthy = 0;
for (let call = 1; call <= 23; call += 1) {
  if ((await statusOf()) === 200) healthy += 1;
  await sleep(50);
}
console.log(`${healthy} of 23 calls: status 200`);
// The service goes on with other work for a while.
await sleep(2500);
process.exit(0);
