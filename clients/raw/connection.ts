import { EPOLLERR, EPOLLHUP, EPOLLOUT } from "../../harness/kernel/epoll.ts";
import { errnoName } from "../../harness/kernel/libc.ts";
import * as sockets from "../../harness/kernel/socket.ts";
import { classify } from "../../harness/load/outcome.ts";
import type { Trouble } from "../../harness/load/outcome.ts";
import type { AttemptFailure } from "../../harness/model/sample.ts";
import { monotonicUs } from "../load/clock.ts";
import type { Waiting } from "../load/deadlines.ts";
import { peerEnd } from "../load/peer-end.ts";
import type { ResponseReader } from "./protocol.ts";
import type { Queue } from "../load/queue.ts";
import type { Surroundings } from "./surroundings.ts";
import { PEER_BROKE, PEER_ENDED, READABLE, WATCHED, WATCHED_SENT } from "./watched.ts";

/**
 * The stage of a connection. An attempt is under way in the first three. On a connection that carries only one attempt, it is also
 * under way in the last two.
 */
type Stage = "connecting" | "sending" | "receiving" | "idle" | "holding" | "closing";

const PHASE_OF: Record<Stage, AttemptFailure["phase"]> = {
  connecting: "connect",
  sending: "request",
  receiving: "response",
  idle: "close",
  holding: "close",
  closing: "close",
};

const NOTHING = Buffer.alloc(0);
/** The errors of calls on an established connection after the peer's RST. */
const RESET_BY_PEER = ["ECONNRESET", "EPIPE"];
/** How many times in a row one connection may read before the others get their turn. */
const READS_IN_A_ROW = 16;

/** One connection from socket() to close(), and the attempts that it carries. */
export class Connection implements Waiting<Connection> {
  readonly number: number;
  fd = -1;
  localPort: number | null = null;
  /** The number of whole responses so far. */
  responses = 0;
  readonly openedUs: number;
  /** Whether the client saw that the handshake was complete. */
  established = false;
  /** Whether the server's FIN or RST came before the client closed, and whether it was an RST. */
  peerEnded = false;
  peerReset = false;
  leftUnread = false;

  /** The number of the attempt under way, 0: none; and its times in microseconds since its beginning. */
  attempt = 0;
  startedUs = 0;
  connectUs: number | null = null;
  firstByteUs: number | null = null;
  totalUs: number | null = null;

  /** The queue in which it waits: for its turn, for an answer, or for the end of its hold. It never waits for two of these. */
  queue: Queue<Connection> | null = null;
  before: Connection | null = null;
  after: Connection | null = null;
  endsAtUs = 0;

  readonly #around: Surroundings;
  readonly #reader: ResponseReader;
  #stage: Stage = "connecting";
  #unsent: Buffer = NOTHING;
  /** Whether there may be something to read. Epoll is edge-triggered, so this stays true until recv() returns EAGAIN. */
  #readable = false;
  /** Whether a FIN or an error follows the readable bytes, so that the client must read until it. */
  #endIsNear = false;
  /** Whether an error or an RST is known. */
  #isBroken = false;
  #refusal: AttemptFailure | null = null;

  constructor(number: number, around: Surroundings, nowUs: number) {
    this.number = number;
    this.#around = around;
    this.#reader = around.protocol.reader();
    this.openedUs = nowUs;
  }

  /** Begins an attempt: on a new connection by connecting, on an idle one by sending. Its times count from `startedUs`. */
  begin(attempt: number, startedUs: number, nowUs: number): void {
    this.attempt = attempt;
    this.connectUs = null;
    this.firstByteUs = null;
    this.totalUs = null;
    this.#refusal = null;
    this.#unsent = this.#around.protocol.request(attempt, this.#isLast);
    this.#reader.begin();
    this.startedUs = startedUs;
    if (this.#stage === "idle") this.#send(nowUs);
    else this.#connect(nowUs);
  }

  /** Handles the events that epoll reported for the descriptor. */
  onEvents(events: number): void {
    if ((events & READABLE) !== 0) this.#readable = true;
    if ((events & PEER_ENDED) !== 0) {
      this.#endIsNear = true;
      this.#isBroken = (events & PEER_BROKE) !== 0;
    }
    switch (this.#stage) {
      case "connecting":
        return this.#connected(events);
      case "sending":
        // A server can answer before it has read the whole request (413, for example), and then need not read the rest. Its RST
        // would make send() fail, so the answer is read first.
        if (this.#readable) this.#receive();
        if (this.fd !== -1 && this.#stage === "sending") this.#send(monotonicUs());
        return;
      case "receiving":
        return this.#receive();
      case "idle":
      case "holding":
      case "closing":
        return this.#drain();
    }
  }

  /** A wait has lasted too long. */
  onTimeout(): void {
    this.#fail({ kind: "timeout" });
  }

  /** The hold is over: closes as the plan says. */
  onHeld(): void {
    this.#closeAsPlanned();
  }

  /** The last attempt is over: holds the idle connection if the plan says so, and closes it. */
  finish(): void {
    if (this.#around.hold) {
      this.#stage = "holding";
      this.#around.holds.start(this, monotonicUs());
      if (this.#readable) this.#drain();
    } else {
      this.#closeAsPlanned();
    }
  }

  /** The run ends now. A hold is cut short; any other wait fails. */
  cutShort(trouble: Trouble): void {
    if (this.#stage === "idle" || this.#stage === "holding") this.#closeAsPlanned();
    if (this.fd !== -1) this.#fail(trouble);
  }

  /** Whether the current response, or else the next, is the last one that the plan allows on this connection. */
  get #isLast(): boolean {
    return this.responses + 1 >= this.#around.responsesMost;
  }

  #connect(nowUs: number): void {
    const { address, epoll, timeouts, portsWanted, near } = this.#around;
    const fd = sockets.socket(address.family);
    if (fd < 0) return this.#fail({ kind: "errno", call: "socket", code: errnoName(-fd) });
    this.fd = fd;
    const result = sockets.connect(fd, address);
    if (result < 0 && result !== sockets.EINPROGRESS) return this.#failed("connect", result);
    if (portsWanted) this.localPort = sockets.localPort(fd);
    timeouts.start(this, nowUs);
    if (near) this.#sendEarly();
    if (this.fd !== -1) epoll.add(fd, this.#stage === "receiving" ? WATCHED_SENT : WATCHED);
  }

  /**
   * Sends at once, without waiting for EPOLLOUT: on a short path the handshake is over when connect() returns. If it is not over,
   * send() returns EAGAIN. If it has failed, send() returns the error that SO_ERROR would have (sk_stream_wait_connect,
   * net/core/stream.c).
   */
  #sendEarly(): void {
    const connectUs = monotonicUs() - this.startedUs;
    const sent = sockets.send(this.fd, this.#unsent);
    if (sent === sockets.EAGAIN) return void (this.#around.near = false);
    if (sent < 0) return this.#failed("connect", sent);
    this.connectUs = connectUs;
    this.established = true;
    this.#sent(sent);
    this.#stage = this.#unsent.length > 0 ? "sending" : "receiving";
  }

  #connected(events: number): void {
    // tcp_poll (net/ipv4/tcp.c) raises EPOLLERR exactly when SO_ERROR is not 0.
    if ((events & EPOLLERR) !== 0) {
      const error = sockets.socketError(this.fd);
      if (error !== 0) return this.#failed("connect", error);
    }
    if ((events & (EPOLLOUT | EPOLLHUP)) === 0) return;
    const nowUs = monotonicUs();
    this.connectUs = nowUs - this.startedUs;
    this.established = true;
    this.#send(nowUs);
  }

  #send(nowUs: number): void {
    this.#stage = "sending";
    this.#around.timeouts.start(this, nowUs);
    while (this.#unsent.length > 0) {
      const sent = sockets.send(this.fd, this.#unsent);
      if (sent === sockets.EAGAIN) return;
      if (sent < 0) return this.#failed("send", sent);
      this.#sent(sent);
    }
    this.#stage = "receiving";
    if (this.#readable) this.#receive();
  }

  #sent(bytes: number): void {
    this.#unsent = bytes === this.#unsent.length ? NOTHING : this.#unsent.subarray(bytes);
  }

  #receive(): void {
    const { whole: buffer } = this.#around.buffer;
    for (let reads = 0; reads < READS_IN_A_ROW; reads++) {
      const count = sockets.recv(this.fd, buffer);
      if (count === sockets.EAGAIN) return void (this.#readable = false);
      if (count < 0) return this.#failed("recv", count);
      const nowUs = monotonicUs();
      if (count === 0) return this.#peerClosed(nowUs);
      this.firstByteUs ??= nowUs - this.startedUs;
      const progress = this.#reader.feed(this.#around.buffer.first(count));
      if (progress === "unexpected") return this.#fail({ kind: "unexpected", why: this.#reader.oddity });
      if (progress === "whole") {
        // The FIN had arrived before these bytes were read, and they did not fill the buffer, so only the FIN is left.
        if (this.#endIsNear && !this.#isBroken && count < buffer.length) this.peerEnded = true;
        this.#readable = count === buffer.length || this.#endIsNear;
        // There are bytes after the response. A later response on this connection could not be distinguished from them.
        return this.#reader.consumed < count
          ? this.#fail({ kind: "unexpected", why: "extra-bytes" })
          : this.#whole(nowUs);
      }
      // A read that does not fill the buffer has read everything (epoll(7)), except a FIN or an error.
      if (count < buffer.length && !this.#endIsNear) return void (this.#readable = false);
    }
    this.#around.epoll.modify(this.fd, WATCHED);
  }

  /** The peer's FIN, while a response was due. */
  #peerClosed(nowUs: number): void {
    this.peerEnded = true;
    const isWhole = this.#reader.end() === "whole";
    if (!isWhole) return this.#fail({ kind: "eof", begun: this.firstByteUs !== null });
    this.#whole(nowUs);
  }

  #whole(nowUs: number): void {
    this.totalUs = nowUs - this.startedUs;
    const last = this.#isLast;
    this.responses += 1;
    const { refusal } = this.#reader;
    if (refusal !== null) this.#refusal = classify("response", { kind: "refused", status: refusal });
    this.#around.timeouts.stop(this);
    if (!this.#around.keepOpen) return this.finish();
    this.#report(this.#refusal);
    const isSent = this.#unsent.length === 0;
    if (last || this.peerEnded || !isSent || !this.#reader.persistent) return this.finish();
    this.#stage = "idle";
    this.#around.onIdle(this);
    if (this.#readable) this.#drain();
  }

  /** Reads while no response is due. Only the end of the connection may come then; bytes are a failure. */
  #drain(): void {
    if (this.peerEnded) return;
    const count = sockets.recv(this.fd, this.#around.buffer.whole);
    if (count === sockets.EAGAIN) return void (this.#readable = false);
    if (count < 0) return this.#failed("recv", count);
    if (count > 0) return this.#fail({ kind: "unexpected", why: "extra-bytes" });
    this.peerEnded = true;
    if (this.#stage !== "holding") this.#over(null);
  }

  #closeAsPlanned(): void {
    if (this.#around.close !== "server" || this.peerEnded) return this.#over(null);
    this.#stage = "closing";
    this.#around.timeouts.start(this, monotonicUs());
    if (this.#readable) this.#drain();
  }

  #failed(call: string, result: number): void {
    const code = errnoName(-result);
    if (RESET_BY_PEER.includes(code)) this.peerReset = this.peerEnded = true;
    this.#fail({ kind: "errno", call, code });
  }

  #fail(trouble: Trouble): void {
    this.#over(classify(PHASE_OF[this.#stage], trouble));
  }

  /** Ends the connection, and the attempt that it still carries. */
  #over(failure: AttemptFailure | null): void {
    const { close, onClosed } = this.#around;
    this.queue?.remove(this);
    const { fd } = this;
    if (fd !== -1) {
      if (failure === null || this.#isBroken) this.#learnEnd();
      if (failure !== null && !this.peerEnded) this.leftUnread = sockets.hasUnread(fd);
      if (close === "reset") sockets.lingerZero(fd);
      sockets.close(fd);
    }
    this.#report(this.#refusal ?? failure);
    onClosed(this, failure);
    this.fd = -1;
  }

  /** Asks the kernel for an end that no call has shown: a FIN or an RST that came behind a whole answer, for example. */
  #learnEnd(): void {
    if (!this.established || this.peerReset || (this.peerEnded && !this.#isBroken)) return;
    const end = peerEnd(this.fd);
    this.peerEnded ||= end === "fin";
    if (end !== "rst") return;
    const error = sockets.socketError(this.fd);
    if (error === 0 || RESET_BY_PEER.includes(errnoName(-error))) this.peerReset = this.peerEnded = true;
  }

  #report(failure: AttemptFailure | null): void {
    if (this.attempt === 0) return;
    this.#around.onAttempt(this, failure ?? "ok");
    this.attempt = 0;
  }
}
