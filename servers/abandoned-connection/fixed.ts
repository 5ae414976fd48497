// A client that gives a connection 150 ms for the server's greeting, and tries again. It gives up after 11 attempts.
//
// What is right: when the timer wins the race, the connection is destroyed.
// On the wire: a handshake for each attempt, and a FIN 150 ms later. The server closes in turn, and the TIME-WAIT is here.

import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({ options: { to: { type: "string", default: "127.0.0.1:8080" } } });
const [, host, port] = /^\[?(.*?)\]?:(\d+)$/.exec(values.to) ?? [];

function greeting(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    socket.once("data", (line) => resolve(String(line)));
    socket.once("error", reject);
  });
}

async function attempt(limitMs: number): Promise<string> {
  const socket = connect({ host, port: Number(port) });
  const late = sleep(limitMs).then(() => {
    socket.destroy(); // the fix
    throw new Error(`no greeting within ${limitMs} ms`);
  });
  return Promise.race([greeting(socket), late]);
}

let answer = "";
for (let left = 11; left > 0 && answer === ""; left -= 1) {
  answer = await attempt(150).catch((error: unknown) => {
    console.log(`${String(error)}; ${left - 1} attempts left`);
    return "";
  });
}
console.log(answer === "" ? "gave up: no connection, as far as this program knows" : answer);
// A service goes on with other work.
setInterval(() => {}, 1000);
process.once("SIGTERM", () => process.exit(0));
