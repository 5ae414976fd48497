// An echo server whose event loop stands still while it works on a report.
//
// `--way busy`: the report is computed. `--way waiting`: another program makes it. `--way stopped`: a snapshot is taken, for which a script
// stops this process.
// What is wrong: accept() runs on the event loop. Computing, waiting for another program and a stopped process have one thing in common: the
// loop gets no turn.
// On the wire: the kernel finishes every handshake and acknowledges every request, at once, until the backlog is used up. No answer comes.

import { execFileSync, spawn } from "node:child_process";
import { pbkdf2Sync } from "node:crypto";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    way: { type: "string", default: "busy" },
  },
});

const ways: Record<string, () => void | Promise<void>> = {
  busy: () => {
    const end = Date.now() + 20_000;
    // The bug: the event loop gets no turn between two of these.
    while (Date.now() < end) pbkdf2Sync("password", "salt", 10_000, 32, "sha256");
  },
  waiting: () => {
    // The bug: the whole process waits for the other program.
    execFileSync("sleep", ["20"]);
  },
  stopped: () => {
    // The bug: a copy that fails ends the chain, and the server stays stopped.
    const script = 'kill -STOP "$1" && cp /nowhere/data /nowhere/snapshot && kill -CONT "$1"';
    spawn("sh", ["-c", script, "snapshot", String(process.pid)], { stdio: ["ignore", "ignore", "inherit"] });
  },
};

async function answer(socket: Socket, line: Buffer): Promise<void> {
  if (line.toString() === "report\n") await ways[values.way]?.();
  if (!socket.write(line)) socket.pause();
}

const server = createServer((socket) => {
  socket.on("data", (line) => void answer(socket, line));
  socket.on("drain", () => socket.resume());
  socket.on("error", () => socket.destroy());
});

server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
// Without a handler SIGTERM ends the process at once, whatever its loop does.
