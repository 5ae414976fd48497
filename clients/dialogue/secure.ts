import { Duplex } from "node:stream";
import { connect, type TLSSocket } from "node:tls";
import { TcpLine, type Ear, type Line, type Target } from "./line.ts";

/** Receives the events of a line with TLS. */
export interface SecureEar extends Ear {
  /** The handshake is over: the version, such as `TLSv1.3`. */
  onSecured(version: string): void;
  /** The other end's close_notify has come (RFC 8446 section 6.1): it sends nothing more. */
  onCloseNotify(): void;
}

/**
 * TLS over a connection of TCP, which it opens. Node reports a close_notify and a FIN as the same end, so TLS gets the bytes through a
 * stream between the two, and the FIN only after it has read all bytes: what ends before that was ended by a close_notify.
 */
export class SecureLine implements Line {
  readonly #tcp: TcpLine;
  readonly #between: Duplex;
  readonly #ear: SecureEar;
  readonly #name: string;
  #secure: TLSSocket | null = null;
  #isClosing = false;

  /** `name`: the server's name for SNI (RFC 6066 section 3); empty: none is said. */
  constructor(target: Target, name: string, ear: SecureEar) {
    this.#ear = ear;
    this.#name = name;
    this.#between = this.#stream();
    this.#tcp = new TcpLine(target, {
      onConnected: () => ear.onConnected(),
      onData: (bytes) => this.#between.push(bytes),
      onFin: () => this.#fin(),
      onBroken: (code) => {
        ear.onBroken(code);
        this.#secure?.destroy();
      },
      onClosed: () => {
        this.#secure?.destroy();
        ear.onClosed();
      },
    });
  }

  get localPort(): number | null {
    return this.#tcp.localPort;
  }

  /** Begins the handshake. Any certificate is accepted. */
  secure(): void {
    const secure = connect({
      socket: this.#between,
      servername: this.#name,
      rejectUnauthorized: false,
      ALPNProtocols: ["http/1.1"],
    });
    this.#secure = secure;
    secure.once("secureConnect", () => this.#ear.onSecured(secure.getProtocol() ?? "TLS"));
    secure.on("data", (bytes: Buffer) => this.#ear.onData(bytes));
    secure.once("end", () => {
      if (!this.#between.readableEnded) this.#ear.onCloseNotify();
    });
    secure.on("error", (error: NodeJS.ErrnoException) => {
      // A FIN in the handshake is an error of TLS, too, but it has been reported as a FIN.
      if (!this.#between.readableEnded && !this.#isClosing) this.#ear.onBroken(error.code ?? error.message);
      this.#tcp.close();
    });
  }

  write(bytes: Buffer, done: () => void): void {
    this.#secure?.write(bytes, (error) => {
      if (error === null || error === undefined) done();
    });
  }

  /** close_notify, and then the FIN. */
  shutdown(done: () => void): void {
    this.#secure?.end(done);
  }

  /** close_notify, if there is room for it, and then the end of both halves. */
  close(): void {
    this.#isClosing = true;
    const secure = this.#secure;
    const canSay = secure !== null && !secure.destroyed && !secure.writableEnded && this.#tcp.unsent === 0;
    if (canSay) secure.end();
    else this.#tcp.close();
  }

  drop(): void {
    this.#isClosing = true;
    this.#tcp.close();
  }

  reset(): void {
    this.#isClosing = true;
    this.#tcp.reset();
  }

  pause(): void {
    this.#tcp.pause();
  }

  resume(): void {
    this.#tcp.resume();
  }

  #stream(): Duplex {
    return new Duplex({
      read: () => {},
      write: (bytes: Buffer, _encoding, done) => this.#tcp.write(bytes, done),
      final: (done) => {
        if (!this.#isClosing) return this.#tcp.shutdown(done);
        this.#tcp.close();
        done();
      },
    });
  }

  /** TLS has read the last bytes when two turns of the event loop have passed. Only then does it get the FIN. */
  #fin(): void {
    setImmediate(() =>
      setImmediate(() => {
        this.#between.push(null);
        this.#between.read(0);
        this.#ear.onFin();
      }),
    );
  }
}
