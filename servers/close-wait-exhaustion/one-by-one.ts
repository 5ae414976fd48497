// An echo server that accepts one client after another, answers its line, and forgets the connection instead of closing it.
//
// What is wrong: each connection keeps a descriptor. When no descriptor is left, accept() fails with EMFILE, and this server does
// what most servers do: it logs the error, waits a little and tries again. (Node instead accepts and closes at once.)
// On the wire: the client's FIN is acknowledged, and no FIN goes back. When the descriptors are used up, the kernel still
// completes handshakes until the accept queue is full, but no request on these connections is answered. After that, not even
// SYNs are answered.
// Uses harness/kernel, because Node accepts connections by itself, in another way.

import { parseArgs } from "node:util";
import { AF_INET, socketAddress } from "../../harness/kernel/address.ts";
import { accept, blockingSocket, listen } from "../../harness/kernel/blocking.ts";
import { errnoName } from "../../harness/kernel/libc.ts";
import { bind, localPort, recv, send } from "../../harness/kernel/socket.ts";
import { setOption } from "../../harness/kernel/sockopt.ts";

const { values } = parseArgs({
  options: { port: { type: "string", default: "8080" }, host: { type: "string", default: "0.0.0.0" } },
});
const BACKLOG = 11;
const LINE_BYTES = 1024;
/** The pause after an accept() that found no free descriptor. */
const PAUSE_MS = 50;
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

const listener = blockingSocket(AF_INET);
setOption(listener, "SO_REUSEADDR", 1);
for (const result of [
  bind(listener, socketAddress(values.host, Number(values.port))),
  listen(listener, BACKLOG),
])
  if (result < 0) throw new Error(`the server cannot listen on port ${values.port}: ${errnoName(-result)}`);
console.log(`ready ${localPort(listener)}`);

const pause = new Int32Array(new SharedArrayBuffer(4));
const line = Buffer.alloc(LINE_BYTES);
for (;;) {
  const connection = accept(listener);
  if (connection < 0) {
    console.log(JSON.stringify({ kind: "accept", monotonicUs: nowUs(), errno: errnoName(-connection) }));
    Atomics.wait(pause, 0, 0, PAUSE_MS);
    continue;
  }
  const bytes = recv(connection, line);
  if (bytes > 0) send(connection, line.subarray(0, bytes));
  // The bug: no close(), here or anywhere.
}
