// An HTTP/1.1 server that stops in the middle of an answer: after exactly `--at` bytes of it, the head included.
//
// `--with FIN` closes the connection there, `--with RST` resets it, and `--with nothing` keeps it open and sends nothing more. The answer
// announces a body that is longer, so it is never whole. A RST waits until the client's kernel has acknowledged the bytes, so that all of them
// have come: the program reads that in /proc/self/net/tcp and tcp6 (proc_pid_net(5)), as the transmit queue of the connection.
// On the wire: request, so many bytes of an answer, and then FIN, RST or nothing.

import { readFileSync } from "node:fs";
import { createServer, type AddressInfo, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    at: { type: "string", default: "4096" },
    with: { type: "string", default: "FIN" },
  },
});
const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);
const ASK_EVERY_MS = 5;
const PIECE_BYTES = 65_536;
const MISSING_BYTES = 1000;
const at = Number(values.at);
const HEAD = `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${at + MISSING_BYTES}\r\n\r\n`;
const PIECE = "a".repeat(PIECE_BYTES);
const DID: Record<string, string> = {
  FIN: `closed a connection at byte ${at} of an answer`,
  RST: `reset a connection at byte ${at} of an answer`,
  nothing: `stalled at byte ${at} of an answer`,
};

/** The first `at` bytes of the answer, piece by piece. */
function* pieces(): Generator<string, undefined> {
  yield HEAD.slice(0, at);
  for (let sent = HEAD.length; sent < at; sent += PIECE_BYTES) yield PIECE.slice(0, at - sent);
  return undefined;
}

/** Sends them, each when the one before has gone to the kernel, and then calls `done`. */
function send(socket: Socket, rest: Generator<string, undefined>, done: () => void): void {
  const { value } = rest.next();
  if (value === undefined) done();
  else socket.write(value, () => send(socket, rest, done));
}

/** Whether the client's kernel has acknowledged all that was sent, by the two ports of the connection. */
function isAcknowledged({ localPort = 0, remotePort = 0 }: Socket): boolean {
  const ends = [localPort, remotePort].map((port) => `:${port.toString(16).toUpperCase().padStart(4, "0")}`);
  const rows = ["tcp", "tcp6"].flatMap((file) =>
    readFileSync(`/proc/self/net/${file}`, "latin1").trim().split("\n").slice(1),
  );
  return rows.every((row) => {
    const [, local = "", remote = "", , queues = ""] = row.trim().split(/\s+/);
    const isIt = local.endsWith(ends[0] ?? "") && remote.endsWith(ends[1] ?? "");
    return !isIt || queues.startsWith("00000000:");
  });
}

function stop(socket: Socket): void {
  if (socket.destroyed) return;
  if (values.with === "RST" && !isAcknowledged(socket)) {
    setTimeout(() => stop(socket), ASK_EVERY_MS);
    return;
  }
  console.log(JSON.stringify({ kind: "misbehaviour", monotonicUs: nowUs(), did: DID[values.with] }));
  if (values.with === "FIN") socket.destroySoon();
  if (values.with === "RST") socket.resetAndDestroy();
}

const server = createServer((socket) => {
  let request = "";
  let isAnswered = false;
  socket.on("data", (piece: Buffer) => {
    if (isAnswered) return;
    request += piece.toString("latin1");
    if (!request.includes("\r\n\r\n")) return;
    isAnswered = true;
    send(socket, pieces(), () => stop(socket));
  });
  socket.on("error", () => socket.destroy());
});

if (DID[values.with] === undefined || !/^\d+$/.test(values.at)) {
  console.error("--with takes FIN, RST or nothing, and --at a number of bytes.");
  process.exit(64);
}
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => process.exit(0));
