// An echo server that goes on accepting while it works on a report.
//
// `--way busy`: the report is computed. `--way waiting`: another program makes it. `--way stopped`: a snapshot is taken, for which a script
// stops this process.
// What is right: the loop gets a turn between two steps of the computing, and while the other program runs. The script lets this process go on
// whether the copy succeeds or not.
// On the wire: every request is answered at once, except the one for the report.

import { execFile, spawn } from "node:child_process";
import { pbkdf2Sync } from "node:crypto";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import { parseArgs, promisify } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    way: { type: "string", default: "busy" },
  },
});

const ways: Record<string, () => void | Promise<void>> = {
  busy: async () => {
    const end = Date.now() + 20_000;
    while (Date.now() < end) {
      pbkdf2Sync("password", "salt", 10_000, 32, "sha256");
      await setImmediate(); // the fix
    }
  },
  waiting: async () => {
    await promisify(execFile)("sleep", ["20"]); // the fix
  },
  stopped: () => {
    const script = 'kill -STOP "$1"; cp /nowhere/data /nowhere/snapshot; kill -CONT "$1"'; // the fix
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
