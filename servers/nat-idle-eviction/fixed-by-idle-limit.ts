// A client with a pool of connections to a service. It needs them all, then none for a while, and then all again. One
// more is always in use.
//
// What is right: the pool closes a connection that was idle for a second, sooner than any middlebox forgets it.
// On the wire: a FIN after a second, and the second request goes over a connection of its own.

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
  socket.setTimeout(1000, () => free.includes(socket) && socket.destroy()); // the fix
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
