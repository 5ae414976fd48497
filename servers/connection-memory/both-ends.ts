// Opens many connections to itself, keeps or closes them, and reports by how much the kernel's memory grew.
//
// `--connections`: how many in one step. `--steps`: how many steps. `--close`: each connection is closed at once, the accepted end
// first, and leaves one TIME-WAIT. Without it both ends stay open, and each has a descriptor.
// The kernel's memory is SUnreclaim of /proc/meminfo. It includes the sockets, and much else of the whole machine. So it is read
// before and after each of several short steps, and the median of the steps is the result. Root can also read /proc/slabinfo, which
// has the sizes of the objects themselves.
// Uses harness/kernel, because a Node socket has memory of its own, and is closed only in a later turn of the event loop.

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { AF_INET, socketAddress } from "../../harness/kernel/address.ts";
import { accept, blockingSocket, listen } from "../../harness/kernel/blocking.ts";
import { bind, close, connect, localPort } from "../../harness/kernel/socket.ts";

const { values } = parseArgs({
  options: {
    connections: { type: "string", default: "97" },
    steps: { type: "string", default: "11" },
    close: { type: "boolean", default: false },
  },
});
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

/** The kernel's memory in slabs that cannot be reclaimed, in bytes (SUnreclaim, proc_meminfo(5)). */
function kernelBytes(): number {
  const found = /^SUnreclaim: +(\d+) kB$/m.exec(readFileSync("/proc/meminfo", "latin1"));
  if (found === null) throw new Error("/proc/meminfo has no SUnreclaim");
  return Number(found[1]) * 1024;
}

/** The kernel's objects for each open end: the socket, its inode and dentry, and its open file. With `--close`, those for a TIME-WAIT. */
const OBJECTS = values.close ? ["tw_sock_TCP"] : ["TCP", "sock_inode_cache", "dentry", "filp"];

/** The memory of all these objects, in bytes; null when slabinfo(5) may not be read. */
function objectBytes(): number | null {
  try {
    const rows = readFileSync("/proc/slabinfo", "latin1").split("\n");
    // Name, objects in use, all objects, and the size of one.
    const sizes = OBJECTS.map((name) =>
      Number(rows.find((row) => row.startsWith(`${name} `))?.split(/ +/)[3]),
    );
    const sum = sizes.reduce((all, one) => all + one, 0);
    return Number.isNaN(sum) ? null : sum;
  } catch {
    return null;
  }
}

/** How many sockets of this network namespace are in TIME-WAIT: `tw` in the line `TCP:` of /proc/net/sockstat. */
function timeWait(): number {
  return Number(/^TCP: .*\btw (\d+)/m.exec(readFileSync("/proc/self/net/sockstat", "latin1"))?.[1] ?? 0);
}

function done(result: number, call: string): number {
  if (result < 0) throw new Error(`${call} failed with errno ${-result}`);
  return result;
}

const listener = done(blockingSocket(AF_INET), "socket");
done(bind(listener, socketAddress("127.0.0.1", 8080)), "bind");
done(listen(listener, 128), "listen");
const to = socketAddress("127.0.0.1", localPort(listener));

function open(): void {
  const connected = done(blockingSocket(AF_INET), "socket");
  done(connect(connected, to), "connect");
  const accepted = done(accept(listener), "accept");
  if (!values.close) return;
  close(accepted);
  close(connected);
}

for (let step = 1; step <= Number(values.steps); step += 1) {
  const waiting = timeWait();
  const before = kernelBytes();
  for (let nth = 0; nth < Number(values.connections); nth += 1) open();
  const grewBytes = kernelBytes() - before;
  // connect() can take a port again and so end a TIME-WAIT on it. So there can be fewer TIME-WAIT than connections.
  const sockets = values.close ? timeWait() - waiting : 2 * Number(values.connections);
  const measured = { sockets, grewBytes, objectBytes: objectBytes() };
  console.log(JSON.stringify({ kind: "step", monotonicUs: nowUs(), step, ...measured }));
  await sleep(200);
}
await sleep(500);
process.exit(0);
