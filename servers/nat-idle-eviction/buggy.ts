// A client with a pool of connections to a service. It needs them all, then none for a while, and then all again. One
// more is always in use.
//
// What is wrong: nothing goes over an idle connection, and a middlebox on the way forgets connections over which nothing goes.
// On the wire: the second request is repeated again and again. Nothing comes back, not even a RST: it does not reach the service.

import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    to: { type: "string", default: "127.0.0.1:8080" },
    connections: { type: "string", default: "11" },
    "pause-ms": { type: "string", default: "1700" },
    "timeout-ms": { type: "string", default: "3600" },
  },
});
const [, host = "", port = ""] = /^\[?(.+?)\]?:(\d+)$/.exec(values.to) ?? [];
let free: Socket[] = [];
let attempts = 0;

const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

function open(): Socket {
  const socket = connect({ host, port: Number(port), noDelay: true });
  // The bug: as far as TCP is concerned, a connection may be idle for ever.
  socket.on("error", () => socket.destroy());
  socket.on("close", () => {
    free = free.filter((other) => other !== socket);
  });
  return socket;
}

/** One request over a connection of the pool, or over a new one if the pool is empty. */
function ask(): Promise<void> {
  const socket = free.pop() ?? open();
  const [monotonicUs, attempt] = [nowUs(), (attempts += 1)];
  return new Promise((resolve) => {
    const end = (outcome: "ok" | object): void => {
      clearTimeout(patience);
      const line = { kind: "attempt", monotonicUs, attempt, connection: attempt, localPort: null };
      const times = { connectMs: null, firstByteMs: null, totalMs: (nowUs() - monotonicUs) / 1000 };
      console.log(JSON.stringify({ ...line, ...times, outcome }));
      resolve();
    };
    const patience = setTimeout(() => {
      end({ phase: "response", code: "timeout", call: "recv" });
      socket.destroy();
    }, Number(values["timeout-ms"]));
    socket.once("data", () => {
      free.push(socket);
      end("ok");
    });
    socket.write(`request ${attempt}\n`);
  });
}

/** One connection is in use all the time. */
function stayBusy(): void {
  const socket = connect({ host, port: Number(port), noDelay: true });
  const beat = (): boolean => socket.write("beat\n");
  socket.on("data", () => {
    console.log(JSON.stringify({ kind: "beat", monotonicUs: nowUs() }));
    setTimeout(beat, 100);
  });
  socket.on("error", () => socket.destroy());
  beat();
}

process.once("SIGTERM", () => process.exit(0));
stayBusy();
const all = Array.from({ length: Number(values.connections) });
await Promise.all(all.map(ask));
await sleep(Number(values["pause-ms"]));
await Promise.all(all.map(ask));
process.exit(0);
