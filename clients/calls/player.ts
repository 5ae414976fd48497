import { spawn } from "node:child_process";
import { AF_INET, portOf, socketAddress, type SocketAddress } from "../../harness/kernel/address.ts";
import {
  accept,
  blockingSocket,
  connectAndSend,
  isWritableWithin,
  listen,
  offer,
  remotePort,
  setBlocking,
  waitUntilWritable,
} from "../../harness/kernel/blocking.ts";
import { errnoName, SystemCallError } from "../../harness/kernel/libc.ts";
import {
  bind,
  close,
  connect,
  disconnect,
  EAGAIN,
  EINPROGRESS,
  localPort,
  recv,
  send,
  shutdown,
  socketError,
} from "../../harness/kernel/socket.ts";
import { setFastOpenKey, setFirstSequence, setLinger, setOption } from "../../harness/kernel/sockopt.ts";
import { monotonicUs } from "../load/clock.ts";
import type { Call } from "./call.ts";

/** One line of the program's output. */
export type Told = Record<string, string | number | null>;

/** The most bytes read, or offered, in one system call. */
const PIECE_BYTES = 1 << 16;
/** A send buffer that stays full for this time waits for the peer's program, not for an ACK that is under way. */
const FULL_MS = 50;
const A = 0x61;
/** The names in C (shutdown(2)). */
const SHUT = { read: "SHUT_RD", write: "SHUT_WR", both: "SHUT_RDWR" } as const;

/** Makes calls, one after another, on its current socket, and reports the result of each. */
export class Player {
  readonly #tell: (told: Told) => void;
  readonly #ready: (port: number) => void;
  readonly #piece = Buffer.alloc(PIECE_BYTES);
  /** The current socket; -1: none. */
  #fd = -1;
  #listener = -1;
  /** Whether a `set` call has set SO_REUSEADDR of the current socket. `listen` then leaves it as it is. */
  #isReuseTold = false;
  #connections = 0;
  /** The port at the other end of the current socket. It is kept here because the kernel forgets it when the connection is over. */
  #remotePort: number | null = null;

  constructor(tell: (told: Told) => void, ready: (port: number) => void) {
    this.#tell = tell;
    this.#ready = ready;
  }

  /** Makes one call, and returns when it is over. A failure is reported, and the program goes on. */
  make(call: Call): void {
    switch (call.call) {
      case "listen":
        return this.#listen(call.at, call.backlog);
      case "unlisten":
        return this.#unlisten();
      case "accept":
        return this.#accept();
      case "bind":
        return this.#told(call.call, bind(this.#hold(), socketAddress("0.0.0.0", call.port)));
      case "connect":
        return this.#connect(call.to, call.port);
      case "set":
        return this.#set(call.option, call.value);
      case "sequence":
        return this.#sequence(call.number);
      case "send":
        return this.#send(call.bytes);
      case "offer":
        return this.#offer(call.bytes);
      case "sendto":
        return this.#sendTo(call.to, call.port, call.bytes);
      case "recv":
        return this.#receive(call.bytes);
      case "shutdown":
        return this.#began(`shutdown(${SHUT[call.how]})`, () => shutdown(this.#fd, call.how));
      case "disconnect":
        this.#began("connect(AF_UNSPEC)", () => disconnect(this.#fd));
        this.#remotePort = null;
        return;
      case "close":
        this.#began(call.call, () => close(this.#fd));
        return this.#letGo();
      case "keep":
        return this.#letGo();
      case "share":
        return this.#share();
      case "wait":
        return sleep(call.ms);
      case "stay":
        return sleep(Number.POSITIVE_INFINITY);
    }
  }

  /** Binds and listens; a socket that is bound already only listens. A socket that cannot listen is closed. */
  #listen(at: SocketAddress, backlog: number): void {
    const fd = this.#hold(at.family);
    if (!this.#isReuseTold) setOption(fd, "SO_REUSEADDR", 1);
    const bound = localPort(fd) > 0 ? 0 : bind(fd, at);
    const result = bound < 0 ? bound : listen(fd, backlog);
    this.#told("listen", result, { localPort: result < 0 ? portOf(at.bytes) : localPort(fd) });
    this.#letGo();
    if (result < 0) return void close(fd);
    this.#listener = fd;
    this.#ready(localPort(fd));
  }

  #unlisten(): void {
    const at = this.#listener < 0 ? null : localPort(this.#listener);
    const monotonicNow = monotonicUs();
    const result = close(this.#listener);
    const ends = { localPort: at, remotePort: null };
    this.#tell({
      kind: "call",
      monotonicUs: monotonicNow,
      call: "unlisten",
      ...ends,
      result: outcome(result),
    });
    this.#listener = -1;
  }

  #accept(): void {
    const fd = accept(this.#listener);
    if (fd >= 0) this.#take(fd);
    this.#told("accept", fd);
  }

  /** connect() begins non-blocking, so that the local port can be reported while the handshake is under way. */
  #connect(to: SocketAddress, port: number): void {
    const fd = this.#hold(to.family);
    this.#connections += 1;
    const begunUs = monotonicUs();
    setBlocking(fd, false);
    let result = connect(fd, to);
    this.#remotePort = port;
    const ends = { localPort: this.#localPort(), remotePort: port };
    this.#tell({ kind: "call", monotonicUs: begunUs, call: "connect", ...ends });
    // Refused before a SYN was sent (EADDRNOTAVAIL): there is no connection, so no letter is used.
    if (result < 0 && result !== EINPROGRESS) this.#connections -= 1;
    if (result === EINPROGRESS) {
      waitUntilWritable(fd);
      result = socketError(fd);
    }
    setBlocking(fd, true);
    this.#told("connect", result, ends);
  }

  #set(option: Extract<Call, { call: "set" }>["option"], value: number): void {
    const fd = this.#hold();
    if (option === "SO_REUSEADDR") this.#isReuseTold = true;
    this.#tried(`setsockopt(${option}, ${value})`, () => {
      if (option === "SO_LINGER") setLinger(fd, value < 0 ? "off" : { seconds: value });
      else if (option === "TCP_FASTOPEN_KEY") setFastOpenKey(fd, value);
      else setOption(fd, option, value);
    });
  }

  #sequence(number: number): void {
    const fd = this.#hold();
    this.#tried(`setsockopt(TCP_QUEUE_SEQ, ${number})`, () => setFirstSequence(fd, number));
  }

  #send(count: number): void {
    this.#began("send", () => {
      let sent = 0;
      while (sent < count) {
        const taken = send(this.#fd, this.#letters(count - sent));
        if (taken < 0) return taken;
        sent += taken;
      }
      return sent;
    });
  }

  /** Sends until the kernel takes nothing more. It waits for room that an ACK under way will make. */
  #offer(count: number): void {
    this.#began("send", () => {
      let sent = 0;
      while (sent < count) {
        const taken = offer(this.#fd, this.#letters(count - sent));
        if (taken > 0) sent += taken;
        else if (taken !== EAGAIN || !isWritableWithin(this.#fd, FULL_MS)) return sent === 0 ? taken : sent;
      }
      return sent;
    });
  }

  #sendTo(to: SocketAddress, port: number, count: number): void {
    const fd = this.#hold(to.family);
    this.#connections += 1;
    const begunUs = monotonicUs();
    const result = connectAndSend(fd, this.#letters(count), to);
    this.#remotePort = port;
    const ends = { localPort: this.#localPort(), remotePort: port };
    this.#tell({ kind: "call", monotonicUs: begunUs, call: "sendto", ...ends, result: outcome(result) });
  }

  /** Reads `count` bytes, or until the FIN or an error. The bytes read before an error are reported with it. */
  #receive(count: number): void {
    let bytes = 0;
    let foreign = 0;
    let failure = 0;
    while (bytes < count) {
      const piece = this.#piece.subarray(0, Math.min(PIECE_BYTES, count - bytes));
      const read = recv(this.#fd, piece);
      if (read <= 0) {
        failure = read;
        break;
      }
      for (let n = 0; n < read; n += 1) if (piece[n] !== this.#letter()) foreign += 1;
      bytes += read;
    }
    this.#told("recv", failure, { bytes, foreign, ...(failure < 0 ? {} : { result: bytes }) });
  }

  /** fork(2) and execve(2): a child gets a descriptor of the same socket. It reads a pipe of this process, so it ends when this ends. */
  #share(): void {
    const child = spawn("cat", { stdio: ["pipe", "ignore", "ignore", this.#fd] });
    child.once("error", () => {}); // Without a child there is no pid, and `result` below says so.
    child.unref();
    this.#tell({
      kind: "call",
      monotonicUs: monotonicUs(),
      call: "share",
      ...this.#ends(),
      result: child.pid === undefined ? "ENOENT" : 0,
    });
  }

  /** Reports a call that sends something, with the time at which it was made and how long it took. */
  #began(call: string, make: () => number): void {
    const ends = this.#ends();
    const begunUs = monotonicUs();
    const result = outcome(make());
    const tookUs = monotonicUs() - begunUs;
    this.#tell({ kind: "call", monotonicUs: begunUs, call, ...ends, result, tookUs });
  }

  /** Makes and reports a call whose errno comes as an exception. */
  #tried(call: string, make: () => void): void {
    let result = 0;
    try {
      make();
    } catch (error) {
      if (!(error instanceof SystemCallError)) throw error;
      result = -error.errno;
    }
    this.#told(call, result);
  }

  /** Reports a call that waits, with the time at which it returned. */
  #told(call: string, result: number, more: Told = {}): void {
    const monotonicNow = monotonicUs();
    this.#tell({
      kind: "call",
      monotonicUs: monotonicNow,
      call,
      ...this.#ends(),
      result: outcome(result),
      ...more,
    });
  }

  #ends(): Told {
    const remote = this.#fd < 0 ? -1 : remotePort(this.#fd);
    if (remote >= 0) this.#remotePort = remote;
    return { localPort: this.#localPort(), remotePort: this.#remotePort };
  }

  #localPort(): number | null {
    return this.#fd < 0 ? null : localPort(this.#fd) || null;
  }

  /** The current socket, or a new one. */
  #hold(family: SocketAddress["family"] = AF_INET): number {
    if (this.#fd >= 0) return this.#fd;
    const fd = blockingSocket(family);
    if (fd < 0) throw new Error(`socket() failed with ${errnoName(-fd)}`);
    this.#fd = fd;
    return fd;
  }

  #letGo(): void {
    this.#fd = -1;
    this.#isReuseTold = false;
    this.#remotePort = null;
  }

  #take(fd: number): void {
    this.#fd = fd;
    this.#connections += 1;
  }

  /** The letter of this connection: `a` for the first connection of the program. */
  #letter(): number {
    return A + ((this.#connections - 1) % 26);
  }

  #letters(count: number): Buffer {
    return Buffer.alloc(Math.min(count, PIECE_BYTES), this.#letter());
  }
}

/** The result of a call, as strace shows it: the value that it returned, or the name of the errno. */
function outcome(result: number): string | number {
  return result < 0 ? errnoName(-result) : result;
}

/** Blocks the process for `ms` milliseconds. SIGTERM can end the process meanwhile. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
