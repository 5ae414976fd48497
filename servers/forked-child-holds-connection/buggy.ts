// An echo server whose connections are held by two processes. Only one of them closes its descriptor.
//
// `--holder child`: this process serves, and has passed the descriptor on to a helper that runs longer.
// `--holder parent`: a child serves, as with inetd, and this process keeps its own copy of the descriptor.
// `--first client`: the client closes first. `--first server`: the server closes first, a second after its answer.
// What is wrong: the process that served calls close(), and close() sends no FIN while another process still holds the
// connection. shutdown() would end the connection for all of them.
// On the wire: no FIN from the server. When the client closes first, a CLOSE-WAIT stays here, held by a process that does not
// serve it. A client that waits for the server's FIN waits for ever, and both ends stay ESTABLISHED.

import { type ChildProcess, spawn, type StdioOptions } from "node:child_process";
import { type AddressInfo, createServer, type Socket } from "node:net";
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

function start(command: string, args: string[], stdio: StdioOptions): ChildProcess {
  const child = spawn(command, args, { stdio });
  children.add(child);
  child.once("error", () => children.delete(child)); // No descriptor is left for it.
  return child.once("exit", () => children.delete(child));
}

/** The process that served the connection has finished with it. */
async function letGo(socket: Socket, afterMs: number): Promise<void> {
  await sleep(afterMs);
  // The bug: no shutdown(). Only one of two descriptors is closed, and that sends nothing.
  // close(). When a child served, its exit closed its own copy; this process closes its copy only after a shutdown.
  if (values.holder === "child" || socket.writableFinished) socket.destroy();
}

/** This process serves. The helper has the socket as its descriptor 3 and does not know of it. */
function serveHere(socket: Socket): void {
  start("sleep", ["60"], ["ignore", "ignore", "ignore", socket]);
  socket.on("data", (line) => {
    if (!socket.write(line)) socket.pause();
    if (values.first === "server") void letGo(socket, 1000);
  });
  socket.on("drain", () => socket.resume());
  socket.on("end", () => void letGo(socket, 0));
  socket.resume(); // spawn() stops reading a socket that it passes on.
}

/** The child serves on its standard input and output. This process never reads. */
function serveInChild(socket: Socket): void {
  const answerOnce = 'read -r line && echo "$line" && exec sleep 1';
  const script = values.first === "server" ? answerOnce : "exec cat";
  const child = start("sh", ["-c", script], [socket, socket, "ignore"]);
  child.once("exit", () => void letGo(socket, 0)).once("error", () => socket.destroy());
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
