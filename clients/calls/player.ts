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

/** One line of what the program tells. */
export type Told = Record<string, string | number | null>;

/** How much is read, and offered, in one system call. */
const PIECE_BYTES = 1 << 16;
/** A send buffer that stays full for so long waits for the peer's program, and not for an ACK that is on its way. */
const FULL_MS = 50;
const A = 0x61;
/** Their names in C (shutdown(2)). */
const SHUT = { read: "SHUT_RD", write: "SHUT_WR", both: "SHUT_RDWR" } as const;

/** Makes calls, one after another, on a socket that it has in hand, and tells what each came to. */
export class Player {
  readonly #tell: (told: Told) => void;
  readonly #ready: (port: number) => void;
  readonly #piece = Buffer.alloc(PIECE_BYTES);
  /** The socket in hand; -1 is none. */
  #fd = -1;
  #listener = -1;
  /** Whether SO_REUSEADDR of the socket in hand was told, so that `listen` leaves it as it is. */
  #isReuseTold = false;
  #connections = 0;
  /** The port at the other end of the one in hand: the kernel forgets it when the connection is over. */
  #remotePort: number | null = null;

  constructor(tell: (told: Told) => void, ready: (port: number) => void) {
    this.#tell = tell;
    this.#ready = ready;
  }

  /** Makes one call, and returns when it is over. What fails is told, and no reason to stop. */
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

  /** Binds and listens; one that is bound already only listens. A socket that must not listen is closed. */
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

  /** Begun without waiting, so that its port is known while it is under way. */
  #connect(to: SocketAddress, port: number): void {
    const fd = this.#hold(to.family);
    this.#connections += 1;
    const begunUs = monotonicUs();
    setBlocking(fd, false);
    let result = connect(fd, to);
    this.#remotePort = port;
    const ends = { localPort: this.#localPort(), remotePort: port };
    this.#tell({ kind: "call", monotonicUs: begunUs, call: "connect", ...ends });
    // Refused before a SYN was sent (EADDRNOTAVAIL): there is no connection that would need a letter.
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

  /** Hands over until nothing more is taken: room that an ACK on its way will make is waited for. */
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

  /** Reads until so many bytes, the FIN or an error came; what was read before an error is told beside it. */
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

  /** fork(2) and execve(2): a child has a descriptor of the same socket. It reads a pipe of ours, and so ends when we do. */
  #share(): void {
    const child = spawn("cat", { stdio: ["pipe", "ignore", "ignore", this.#fd] });
    child.once("error", () => {}); // Without a child there is no pid, and that is told.
    child.unref();
    this.#tell({
      kind: "call",
      monotonicUs: monotonicUs(),
      call: "share",
      ...this.#ends(),
      result: child.pid === undefined ? "ENOENT" : 0,
    });
  }

  /** A call that sends something is told with the time at which it was made, and with how long it took. */
  #began(call: string, make: () => number): void {
    const ends = this.#ends();
    const begunUs = monotonicUs();
    const result = outcome(make());
    const tookUs = monotonicUs() - begunUs;
    this.#tell({ kind: "call", monotonicUs: begunUs, call, ...ends, result, tookUs });
  }

  /** A call whose errno comes as an exception. */
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

  /** One that waits, with the time at which it returned. */
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

  /** The socket in hand, or a new one. */
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

  /** The letter of this connection: `a` for the first of this program. */
  #letter(): number {
    return A + ((this.#connections - 1) % 26);
  }

  #letters(count: number): Buffer {
    return Buffer.alloc(Math.min(count, PIECE_BYTES), this.#letter());
  }
}

/** What a call came to, as strace shows it: what it returned, or the errno's name. */
function outcome(result: number): string | number {
  return result < 0 ? errnoName(-result) : result;
}

/** Stops the process for so long; SIGTERM ends it meanwhile. */
function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
