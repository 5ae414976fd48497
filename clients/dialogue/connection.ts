import { monotonicUs } from "../load/clock.ts";
import { Inbox } from "./inbox.ts";
import { TcpLine, type Line, type Target } from "./line.ts";
import { SecureLine, type SecureEar } from "./secure.ts";
import type { End } from "./told.ts";
import { Waiting } from "./waiting.ts";

/** Reading stops when so much has come that no step has read. */
const INBOX_MOST = 1_048_576;

/** What is known of one connection, as its events and its steps make it. */
export class Connection implements SecureEar {
  readonly waiting = new Waiting();
  readonly inbox = new Inbox();
  sentBytes = 0;
  receivedBytes = 0;
  isConnected = false;
  isClosed = false;
  /** The version of TLS; null before the end of the handshake. */
  secured: string | null = null;
  /** How the connection ended first, and what broke it: the name of an errno, or a code of TLS. */
  ended: End | null = null;
  broken: string | null = null;
  /** Whether the other end's close_notify came; null without TLS. */
  closeNotify: boolean | null;
  readonly line: Line;
  readonly #secureLine: SecureLine | null = null;
  readonly #onEnded: (end: End) => void;
  readonly #onNotified: () => void;
  #lastByteUs = 0;
  #isPaused = false;

  /**
   * Begins to connect. `onEnded` is called when the other end ends the connection, or this kernel gives it up; `onNotified` when its
   * close_notify comes.
   */
  constructor(
    target: Target,
    tls: { name: string } | null,
    { onEnded, onNotified }: { onEnded: (end: End) => void; onNotified: () => void },
  ) {
    this.#onEnded = onEnded;
    this.#onNotified = onNotified;
    this.closeNotify = tls === null ? null : false;
    if (tls === null) this.line = new TcpLine(target, this);
    else this.line = this.#secureLine = new SecureLine(target, tls.name, this);
  }

  /** Begins the handshake of TLS. */
  secure(): void {
    this.#secureLine?.secure();
  }

  /** `done` is called when the kernel has taken the bytes. */
  send(bytes: Buffer, done: () => void): void {
    this.#lastByteUs = monotonicUs();
    this.line.write(bytes, () => {
      this.sentBytes += bytes.length;
      this.#lastByteUs = monotonicUs();
      done();
      this.waiting.ring();
    });
  }

  /** How long ago the last byte went in either direction. */
  get idleMs(): number {
    return (monotonicUs() - this.#lastByteUs) / 1000;
  }

  pause(): void {
    this.#isPaused = true;
    this.line.pause();
  }

  resume(): void {
    this.#isPaused = false;
    this.line.resume();
  }

  /** A step has read from the inbox, so there is room again. */
  hasRead(): void {
    if (!this.#isPaused && this.inbox.bytes < INBOX_MOST) this.line.resume();
  }

  onConnected(): void {
    this.isConnected = true;
    this.#lastByteUs = monotonicUs();
    this.waiting.ring();
  }

  onSecured(version: string): void {
    this.secured = version;
    this.waiting.ring();
  }

  onData(bytes: Buffer): void {
    this.#lastByteUs = monotonicUs();
    this.receivedBytes += bytes.length;
    this.inbox.add(bytes);
    if (this.inbox.bytes >= INBOX_MOST) this.line.pause();
    this.waiting.ring();
  }

  onCloseNotify(): void {
    this.closeNotify = true;
    this.#onNotified();
    this.waiting.ring();
  }

  onFin(): void {
    this.#end("FIN");
  }

  onBroken(code: string): void {
    if (this.broken !== null) return;
    this.broken = code;
    if (!this.isConnected) return this.waiting.ring();
    // An RST after the other end's FIN is an EPIPE (tcp_reset, net/ipv4/tcp_input.c).
    if (code === "EPIPE" && this.ended === null) this.#end("FIN");
    this.#end(code === "EPIPE" ? "ECONNRESET" : code);
  }

  onClosed(): void {
    this.isClosed = true;
    this.waiting.ring();
  }

  #end(how: string): void {
    const atUs = monotonicUs();
    const end = { how, atUs, idleUs: atUs - this.#lastByteUs };
    this.ended ??= end;
    this.#onEnded(end);
    this.waiting.ring();
  }
}
