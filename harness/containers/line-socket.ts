import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";

/** How long a peer that is not there yet is tried again after. */
const AGAIN_MS = 50;
/** A line of a trial's parts is shorter than this. */
const LONGEST_LINE = 1 << 24;

/** A UNIX socket that carries lines. UNIX sockets cross network namespaces: what a trial says of itself is no traffic of its hosts. */
export class LineSocket {
  readonly socket: Socket;
  #rest = "";
  #gone = false;
  #onLine: (line: string) => void = () => {};
  #onGone: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding("utf8");
    socket.on("data", (text: string) => this.#take(text));
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#end());
    // What comes before somebody listens waits in the socket.
    socket.pause();
  }

  /** From now on, each line goes to `onLine`; `onGone` is called once, when the other end is gone. */
  listen(onLine: (line: string) => void, onGone: () => void = () => {}): void {
    this.#onLine = onLine;
    this.#onGone = onGone;
    this.socket.resume();
  }

  /** Sends a message as a line of JSON. To a peer that is gone, nothing. */
  say(message: object): void {
    if (!this.#gone) this.socket.write(`${JSON.stringify(message)}\n`);
  }

  close(): void {
    this.socket.end();
  }

  #take(text: string): void {
    const lines = (this.#rest + text).split("\n");
    this.#rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
    for (const line of lines) this.#onLine(line);
  }

  #end(): void {
    if (this.#gone) return;
    this.#gone = true;
    this.#onGone();
  }
}

/** Waits for peers at a path that everybody of this machine may reach. Throws what the file system said. */
export async function waitAt(path: string, onPeer: (peer: LineSocket) => void): Promise<Server> {
  // Of an earlier trial, whose containers are gone.
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: false }, (socket) => onPeer(new LineSocket(socket)));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(path, resolve);
  });
  chmodSync(path, 0o666);
  return server;
}

/** Reaches whoever waits at a path; tries again until somebody does. Null when nobody did in time, or `isVain` says so. */
export async function reach(
  path: string,
  withinMs: number,
  isVain: () => boolean = () => false,
): Promise<LineSocket | null> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const socket = await tryOnce(path);
    if (socket !== null) return new LineSocket(socket);
    if (isVain() || performance.now() > untilMs) return null;
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

function tryOnce(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.removeAllListeners("error");
      resolve(socket);
    });
    socket.once("error", () => resolve(null));
  });
}
