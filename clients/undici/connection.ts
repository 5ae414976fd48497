import type { Socket } from "node:net";
import { Client } from "undici";
import type { buildConnector, Dispatcher } from "undici";
import { hasUnread, lingerZero } from "../../harness/kernel/socket.ts";
import { descriptorOf, setOption } from "../../harness/kernel/sockopt.ts";
import { classify } from "../../harness/load/outcome.ts";
import type { Trouble } from "../../harness/load/outcome.ts";
import type { Close } from "../../harness/load/plan.ts";
import type { AttemptFailure } from "../../harness/model/sample.ts";
import { monotonicUs } from "../load/clock.ts";
import type { Deadlines, Waiting } from "../load/deadlines.ts";
import type { Queue } from "../load/queue.ts";
import type { AttemptTold, ConnectionTold } from "../load/row.ts";
import { dial } from "./dial.ts";
import type { Line } from "./dial.ts";
import { peerEndOf } from "./peer-end.ts";
import { failureOf } from "./trouble.ts";
import type { Stage as Opening, Told } from "./trouble.ts";

/** The parts that all connections of a run share. */
export interface Surroundings {
  line: Line;
  /** The same server as undici needs it: `http://127.0.0.1:8080`. */
  origin: string;
  request: Pick<Dispatcher.DispatchOptions, "method" | "path" | "headers" | "body">;
  close: Close;
  /** The number of responses after which a connection is closed. */
  responsesMost: number;
  /** Whether a connection stays open for a while after its last response. */
  hold: boolean;
  timeouts: Deadlines<Connection>;
  holds: Deadlines<Connection>;
  /** Connections that have sent their FIN and wait for the server's. */
  closings: Deadlines<Connection>;
  onAttempt: (connection: Connection, outcome: "ok" | AttemptFailure) => void;
  onIdle: (connection: Connection) => void;
  /** The connection had ended before the request of its attempt was sent. The attempt needs another connection. */
  onMoved: (attempt: number, startedUs: number) => void;
  /** It will carry no more attempts. `failure` is the reason, if the connection did not end as planned. */
  onClosed: (connection: Connection, failure: AttemptFailure | null) => void;
  /** Reports an error that should never happen. */
  onFault: (error: Error) => void;
}

type Stage = Opening | "idle" | "holding" | "closing" | "closed";

/** Longer than any run, so that undici closes no idle connection. */
const NEVER_MS = 7_200_000;

/** The error that undici gets when it asks for a second connection: it must not open connections by itself. */
const MOVED: Told = Object.assign(new Error("the connection has ended"), { code: "MOVED" });

/** One connection and the attempts that it carries. It has its own undici Client, which opens no other connection. */
export class Connection implements Waiting<Connection>, AttemptTold, ConnectionTold {
  readonly number: number;
  localPort: number | null = null;
  responses = 0;
  readonly openedUs: number;
  established = false;
  peerEnded = false;
  peerReset = false;
  leftUnread = false;

  attempt = 0;
  startedUs = 0;
  connectUs: number | null = null;
  firstByteUs: number | null = null;
  totalUs: number | null = null;

  queue: Queue<Connection> | null = null;
  before: Connection | null = null;
  after: Connection | null = null;
  endsAtUs = 0;

  readonly #around: Surroundings;
  readonly #client: Client;
  readonly #handler: Dispatcher.DispatchHandler;
  #stage: Stage = "connecting";
  #status = 0;
  /** The TCP socket; and the socket that carries HTTP: the same one, or a TLS socket. */
  #tcp: Socket | null = null;
  #socket: Socket | null = null;
  #looked = false;

  constructor(number: number, around: Surroundings, nowUs: number) {
    this.number = number;
    this.#around = around;
    this.openedUs = nowUs;
    this.#client = new Client(around.origin, {
      connect: (_options, callback) => this.#connect(callback),
      pipelining: 1,
      allowH2: false,
      // undici checks its timeouts twice a second; those of this program are finer.
      headersTimeout: 0,
      bodyTimeout: 0,
      // With a Keep-Alive hint, undici would end connections that neither the plan nor the server ends.
      keepAliveTimeout: NEVER_MS,
      keepAliveMaxTimeout: NEVER_MS,
      keepAliveTimeoutThreshold: -NEVER_MS,
    });
    this.#handler = this.#makeHandler();
  }

  /** Begins an attempt: on a new connection by connecting, on an idle one by sending. Its times count from `startedUs`. */
  begin(attempt: number, startedUs: number, nowUs: number): void {
    this.attempt = attempt;
    this.startedUs = startedUs;
    this.connectUs = null;
    this.firstByteUs = null;
    this.totalUs = null;
    if (this.#stage === "idle") this.#stage = "asking";
    this.#around.timeouts.start(this, nowUs);
    const reset = this.#around.close === "server" && this.#isLast;
    this.#client.dispatch({ ...this.#around.request, reset }, this.#handler);
  }

  /** A wait has lasted too long. */
  onTimeout(): void {
    this.#fail({ kind: "timeout" });
  }

  /** The hold is over: closes as the plan says. */
  onHeld(): void {
    this.#closeAsPlanned();
  }

  /** The wait for the server's FIN is over. */
  onClosing(): void {
    this.#socket?.destroy();
    if (this.#stage === "closing") this.#closed(null);
  }

  /** The last attempt is over: holds the idle connection if the plan says so, and closes it. */
  finish(): void {
    if (this.#around.hold) {
      this.#stage = "holding";
      this.#around.holds.start(this, monotonicUs());
    } else {
      this.#closeAsPlanned();
    }
  }

  /** The run ends now. A hold is cut short; any other wait fails. */
  cutShort(trouble: Trouble): void {
    if (this.#stage === "idle" || this.#stage === "holding") this.#closeAsPlanned();
    else if (this.#stage !== "closing") this.#fail(trouble);
  }

  get #isLast(): boolean {
    return this.responses + 1 >= this.#around.responsesMost;
  }

  #connect(callback: buildConnector.Callback): void {
    if (this.#tcp !== null) return callback(MOVED, null);
    const tcp = dial(this.#around.line, {
      onConnected: () => {
        this.localPort = tcp.localPort ?? null;
        this.established = true;
        this.#watch(tcp);
        if (this.#around.line.tls !== null) this.#stage = "handshaking";
      },
      onOpen: (socket) => {
        this.#opened(socket);
        callback(null, socket);
      },
      onFailed: (stage, error) => {
        this.#look();
        this.#stage = stage;
        callback(error, null);
      },
    });
    this.#tcp = tcp;
  }

  #opened(socket: Socket): void {
    const nowUs = monotonicUs();
    this.connectUs = nowUs - this.startedUs;
    this.#socket = socket;
    if (socket !== this.#tcp) this.#watch(socket);
    this.#stage = "asking";
    this.#around.timeouts.start(this, nowUs);
    // Added before undici's own listener, because that one reads the bytes.
    socket.on("readable", () => {
      if (this.firstByteUs === null && socket.readableLength > 0) {
        this.firstByteUs = monotonicUs() - this.startedUs;
      }
    });
  }

  /** Arranges that the state of the connection is read before its descriptor is closed, whoever closes it. */
  #watch(socket: Socket): void {
    const destroy = socket._destroy.bind(socket);
    socket._destroy = (error, callback) => {
      this.#look();
      destroy(error, callback);
      if (this.#stage === "idle" || this.#stage === "holding") this.#closed(null);
    };
    // Errors after the end are ignored.
    socket.on("error", () => {});
    socket.once("close", () => {
      if (this.#stage === "closing") this.#closed(null);
      if (this.#stage === "closed") this.queue?.remove(this);
    });
  }

  /** Reads the connection's state: until the client closes, it shows whether the server's FIN or RST came first. */
  #look(): void {
    if (this.#looked || this.#tcp === null) return;
    this.#looked = true;
    const end = peerEndOf(this.#tcp);
    this.peerReset = end === "rst";
    this.peerEnded = end === "rst" || end === "fin";
    this.leftUnread = end === "open" && hasUnread(descriptorOf(this.#tcp));
  }

  #makeHandler(): Dispatcher.DispatchHandler {
    return {
      onRequestStart: () => {},
      onResponseStart: (_controller, status) => void (this.#status = status),
      onResponseData: () => {},
      onResponseEnd: () => {
        this.totalUs = monotonicUs() - this.startedUs;
        this.#around.timeouts.stop(this);
        // Only after this callback does undici decide whether it closes the connection.
        queueMicrotask(() => this.#whole());
      },
      onResponseError: (_controller, error: Told) => this.#onError(error),
    };
  }

  #whole(): void {
    if (this.#stage !== "asking") return;
    const last = this.#isLast;
    this.responses += 1;
    const refused = this.#status >= 400;
    this.#report(refused ? classify("response", { kind: "refused", status: this.#status }) : "ok");
    if (this.#socket?.destroyed === true) return this.#closed(null);
    if (last) return this.finish();
    this.#stage = "idle";
    this.#around.onIdle(this);
  }

  #onError(error: Told): void {
    const stage = this.#stage;
    if (stage !== "connecting" && stage !== "handshaking" && stage !== "asking") return;
    if (error === MOVED) {
      const { attempt, startedUs } = this;
      this.attempt = 0;
      this.#closed(null);
      return this.#around.onMoved(attempt, startedUs);
    }
    this.#look();
    const came = { begun: this.firstByteUs !== null, reset: this.peerReset };
    const failure = failureOf(stage, error, came);
    if (failure === null) return this.#around.onFault(error);
    this.#failed(failure);
  }

  #fail(trouble: Trouble): void {
    if (this.#stage === "closed") return;
    const phases = { connecting: "connect", handshaking: "tls" } as const;
    const stage = this.#stage;
    const phase = stage === "connecting" || stage === "handshaking" ? phases[stage] : "response";
    this.#failed(classify(phase, trouble));
  }

  #failed(failure: AttemptFailure): void {
    this.#report(failure);
    if (this.#around.close === "reset") this.#resetOnClose();
    this.#closed(failure);
    this.#tcp?.destroy();
    this.#socket?.destroy();
    this.#client.destroy().catch(this.#around.onFault);
  }

  #closeAsPlanned(): void {
    const socket = this.#socket;
    if (socket === null || socket.destroyed) return this.#closed(null);
    this.#look();
    if (this.#around.close === "reset") {
      this.#closed(null);
      this.#resetOnClose();
      socket.destroy();
    } else {
      this.#stage = "closing";
      this.#around.closings.start(this, monotonicUs());
      this.#end(socket);
    }
  }

  /**
   * Ends the connection with end(), not with destroy(): over TLS, destroy() sends a FIN without close_notify (RFC 8446 section 6.1),
   * and later bytes from the server are answered with RST. But end() sends the FIN one turn of the event loop after close_notify, and
   * a server answers close_notify with its own FIN, so either FIN could come first. With TCP_CORK, close_notify and FIN leave in one
   * segment (tcp_send_fin, net/ipv4/tcp_output.c).
   */
  #end(socket: Socket): void {
    if (this.#tcp !== null && socket !== this.#tcp && !this.#tcp.destroyed) {
      setOption(descriptorOf(this.#tcp), "TCP_CORK", 1);
    }
    socket.end(() => {
      if (this.#stage !== "closing") return;
      this.#closed(null);
      this.#around.closings.start(this, monotonicUs());
    });
  }

  #resetOnClose(): void {
    if (this.#tcp === null || this.#tcp.destroyed || !this.established) return;
    lingerZero(descriptorOf(this.#tcp));
  }

  #report(outcome: "ok" | AttemptFailure): void {
    if (this.attempt === 0) return;
    this.#around.onAttempt(this, outcome);
    this.attempt = 0;
  }

  #closed(failure: AttemptFailure | null): void {
    this.queue?.remove(this);
    this.#look();
    this.#stage = "closed";
    this.#around.onClosed(this, failure);
  }
}
