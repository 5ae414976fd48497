import { chmodSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";

/** The time until the next attempt to reach a peer that is not there yet. */
const AGAIN_MS = 50;
/** The greatest length of a line. */
const LONGEST_LINE = 1 << 24;

/** A UNIX socket that carries lines. UNIX sockets work across network namespaces, so a trial's own messages are no traffic of its hosts. */
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
    // Lines that arrive before listen() is called wait in the socket.
    socket.pause();
  }

  /** From now on, `onLine` receives each line. `onGone` is called once, when the other end has closed. */
  listen(onLine: (line: string) => void, onGone: () => void = () => {}): void {
    this.#onLine = onLine;
    this.#onGone = onGone;
    this.socket.resume();
  }

  /** Sends a message as a line of JSON. Does nothing when the other end has closed. */
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

/** Waits for peers at a path. Every user of this machine may connect. Throws the file system's error. */
export async function waitAt(path: string, onPeer: (peer: LineSocket) => void): Promise<Server> {
  // An earlier trial can have left the file.
  rmSync(path, { force: true });
  const server = createServer({ allowHalfOpen: false }, (socket) => onPeer(new LineSocket(socket)));
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(path, resolve);
  });
  chmodSync(path, 0o666);
  return server;
}

/** Connects to the peer that waits at a path, with retries. Null when there was none in time, or when `isVain` returns true. */
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
