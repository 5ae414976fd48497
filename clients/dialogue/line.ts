import { Socket, type SocketConstructorOpts } from "node:net";
import type { SocketAddress } from "../../harness/kernel/address.ts";
import { errnoName } from "../../harness/kernel/libc.ts";
import { lingerZero, localPort, recv, socket, socketError } from "../../harness/kernel/socket.ts";
import { setOption } from "../../harness/kernel/sockopt.ts";
import { peerEnd } from "../load/peer-end.ts";

/** The server, and what is set on each socket. */
export interface Target {
  /** The same address in both forms. */
  at: SocketAddress;
  address: string;
  port: number;
  /** SO_RCVBUF, set before connect(); null: the kernel's own. */
  receiveBuffer: number | null;
}

/** Receives the events of a line. */
export interface Ear {
  onConnected(): void;
  onData(bytes: Buffer): void;
  onFin(): void;
  /** The line is broken: the name of an errno, or a code of TLS. */
  onBroken(code: string): void;
  /** The descriptor is closed. */
  onClosed(): void;
}

/** The connection of TCP, or TLS over it. */
export interface Line {
  readonly localPort: number | null;
  /** `done` is called when the kernel has taken the bytes; after a failure never. */
  write(bytes: Buffer, done: () => void): void;
  /** Sends the FIN, after what is still to be written. */
  shutdown(done: () => void): void;
  close(): void;
  /** Closes without waiting for anything. */
  drop(): void;
  /** Closes with an RST. */
  reset(): void;
  pause(): void;
  resume(): void;
}

/** All sockets read into this buffer: Node gives it back before it reads again. */
const shared = Buffer.alloc(65_536);

/** A connection of TCP. Its other end can end its own half without ending this one. */
export class TcpLine implements Line {
  localPort: number | null = null;
  readonly #ear: Ear;
  readonly #fd: number;
  readonly #socket: Socket | null;
  #isShut = false;
  #isOver = false;

  /** Begins to connect. */
  constructor({ at, address, port, receiveBuffer }: Target, ear: Ear) {
    this.#ear = ear;
    this.#fd = socket(at.family);
    if (this.#fd < 0) {
      this.#socket = null;
      setImmediate(() => {
        ear.onBroken(errnoName(-this.#fd));
        ear.onClosed();
      });
      return;
    }
    // Node makes its own descriptors in connect(), which is too late for SO_RCVBUF: the SYN's window scale depends on it.
    if (receiveBuffer !== null) setOption(this.#fd, "SO_RCVBUF", receiveBuffer);
    setOption(this.#fd, "TCP_NODELAY", 1);
    this.#socket = this.#made();
    this.#socket.connect({ host: address, port });
    // Node calls connect() in the next tick, and the kernel chooses the port there.
    process.nextTick(() => {
      if (!this.#isOver) this.localPort = localPort(this.#fd) || null;
    });
  }

  write(bytes: Buffer, done: () => void): void {
    this.#socket?.write(bytes, (error) => {
      if (error === null || error === undefined) done();
    });
  }

  shutdown(done: () => void): void {
    this.#isShut = true;
    this.#socket?.end(done);
  }

  close(): void {
    this.#socket?.destroy();
  }

  drop(): void {
    this.close();
  }

  reset(): void {
    if (!this.#isOver) lingerZero(this.#fd);
    this.close();
  }

  pause(): void {
    this.#socket?.pause();
  }

  resume(): void {
    this.#socket?.resume();
  }

  /** How many bytes wait in this process for room in the kernel. */
  get unsent(): number {
    return this.#socket?.writableLength ?? 0;
  }

  #made(): Socket {
    // With `onread`, pause() stops reading at once; without it, Node would read another 64 KiB.
    const onread = {
      buffer: shared,
      callback: (length: number) => {
        this.#ear.onData(Buffer.from(shared.subarray(0, length)));
        return true;
      },
    };
    const made = new Socket({ fd: this.#fd, allowHalfOpen: true, onread } as SocketConstructorOpts);
    const destroy = made._destroy.bind(made);
    made._destroy = (error, callback) => {
      if (error !== null && !made.connecting) this.#drain();
      this.#isOver = true;
      destroy(error, callback);
    };
    made.once("connect", () => this.#ear.onConnected());
    made.once("end", () => this.#ended());
    made.on("error", (error: NodeJS.ErrnoException) => this.#ear.onBroken(error.code ?? error.message));
    made.once("close", () => this.#ear.onClosed());
    return made;
  }

  /**
   * Node has reported an end. It does so for an RST too, when bytes came right before it (uv__stream_io takes POLLHUP for an end,
   * libuv, src/unix/stream.c), so the kernel is asked.
   */
  #ended(): void {
    if (this.#isOver) return;
    const error = socketError(this.#fd);
    if (error !== 0) return this.#break(errnoName(-error));
    // After a shutdown, the state is the same when the connection is in TIME-WAIT.
    if (this.#isShut || peerEnd(this.#fd) !== "rst") return this.#ear.onFin();
    // A write has got the error, and Node reports it in this turn of its loop.
    setImmediate(() => this.#break("ECONNRESET"));
  }

  #break(code: string): void {
    if (this.#isOver) return;
    this.#drain();
    this.#ear.onBroken(code);
    this.close();
  }

  /**
   * Reads what the kernel still has. When a write fails, Node closes the descriptor without reading it; but bytes that came before an RST
   * can still be read, and other clients read them.
   */
  #drain(): void {
    for (let read = recv(this.#fd, shared); read > 0; read = recv(this.#fd, shared)) {
      this.#ear.onData(Buffer.from(shared.subarray(0, read)));
    }
  }
}
