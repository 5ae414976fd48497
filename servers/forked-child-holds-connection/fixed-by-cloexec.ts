// An echo server that starts children as buggy.ts does, but passes no connection on to them.
//
// `--holder` and `--first` choose the same four scenes: a helper that runs longer, or a child that serves; the client closes
// first, or the server does, a second after its answer.
// What is right: Node opens every descriptor close-on-exec, so a child gets a socket only if its `stdio` names it. Here `stdio`
// names no socket. A helper gets nothing instead. A child that serves gets ordinary pipes, and this process copies the bytes
// between the pipes and the connection. So this process alone holds the connection.
// On the wire: close() of the only descriptor sends the FIN. The end that closed first has the TIME-WAIT.

import { type ChildProcess, spawn } from "node:child_process";
import { type AddressInfo, createServer, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "8080" },
    host: { type: "string", default: "::" },
    holder: { type: "string", default: "child" },
    first: { type: "string", default: "client" },
  },
});
const children = new Set<ChildProcess>();

function start(command: string, args: string[], stdio: (Socket | "ignore" | "pipe")[]): ChildProcess {
  stdio = stdio.map((entry, fd) => (entry instanceof Socket ? (fd < 3 ? "pipe" : "ignore") : entry)); // the fix
  const child = spawn(command, args, { stdio });
  children.add(child);
  child.once("error", () => children.delete(child)); // No descriptor is left for it.
  return child.once("exit", () => children.delete(child));
}

/** The process that served the connection has finished with it. */
async function letGo(socket: Socket, afterMs: number): Promise<void> {
  await sleep(afterMs);
  if (values.holder === "child") socket.destroy();
}

/** This process serves; the helper gets no descriptor of the socket. */
function serveHere(socket: Socket): void {
  start("sleep", ["60"], ["ignore", "ignore", "ignore", socket]);
  socket.on("data", (line) => {
    if (!socket.write(line)) socket.pause();
    if (values.first === "server") void letGo(socket, 1000);
  });
  socket.on("drain", () => socket.resume());
  socket.on("end", () => void letGo(socket, 0));
  socket.resume();
}

/** The child serves on its standard input and output, which are pipes to and from the connection. */
function serveInChild(socket: Socket): void {
  const answerOnce = 'read -r line && echo "$line" && exec sleep 1';
  const script = values.first === "server" ? answerOnce : "exec cat";
  const child = start("sh", ["-c", script], [socket, socket, "ignore"]);
  child.once("exit", () => void letGo(socket, 0)).once("error", () => socket.destroy());
  if (!child.stdin || !child.stdout) return;
  child.stdin.on("error", () => {}); // A child that has answered and exited no longer reads.
  socket.pipe(child.stdin);
  child.stdout.pipe(socket);
  socket.once("close", () => child.kill());
}

const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) => {
  socket.on("error", () => socket.destroy());
  (values.holder === "child" ? serveHere : serveInChild)(socket);
});
server.listen({ port: Number(values.port), host: values.host }, () => {
  console.log(`ready ${(server.address() as AddressInfo).port}`);
});
process.once("SIGTERM", () => {
  for (const child of children) child.kill();
  process.exit(0);
});
