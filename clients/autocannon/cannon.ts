import { setTimeout as delay } from "node:timers/promises";
import autocannon from "autocannon";
import type { CannonClient } from "autocannon";
import { classify } from "../../harness/load/outcome.ts";
import type { ClientPlan } from "../../harness/load/plan.ts";
import type { AttemptFailure } from "../../harness/model/sample.ts";
import { BackOff } from "../load/back-off.ts";
import { monotonicUs } from "../load/clock.ts";
import type { Driven, Listener } from "../load/driven.ts";
import { peerEndOf } from "../undici/peer-end.ts";
import { endTrouble, failureOf } from "../undici/trouble.ts";
import type { Came, Told } from "../undici/trouble.ts";

/** How often the run checks what is over. */
const LOOK_MS = 10;
/** How often autocannon checks whether to stop. */
const SAMPLE_MS = 100;
/** Longer than any run, in seconds. */
const FOREVER_S = 7200;

/** The server and the request. */
export interface Target {
  url: string;
  headers: Record<string, string>;
}

/** A request that is under way. */
interface Asked {
  attempt: number;
  startedUs: number;
  connectUs: number | null;
  /** How many bytes its connection had received when it was sent. */
  bytesRead: number;
}

/**
 * autocannon's connections, parser and clock, with an exact end: requests are counted as they are sent, none is sent after the last
 * one, and the run waits for those under way. By itself, autocannon continues for up to a second and then drops the requests under
 * way. It also forgets a request that a FIN left without an answer, and takes the next answer as the answer to that request.
 */
export class Cannon implements Driven {
  readonly #plan: ClientPlan;
  readonly #target: Target;
  readonly #listener: Listener;
  readonly #backOff: BackOff | null;
  readonly #asked = new Map<CannonClient, Asked>();
  readonly #clients: CannonClient[] = [];
  #begun = 0;
  #loadEndUs = Infinity;
  #endUs = 0;
  #stopped = false;
  #over = false;
  #fault: Error | null = null;
  readonly #delay = new AbortController();

  constructor(plan: ClientPlan, target: Target, listener: Listener) {
    this.#plan = plan;
    this.#target = target;
    this.#listener = listener;
    this.#backOff = plan.durationMs === Infinity ? null : new BackOff(plan.timeoutMs);
  }

  async run(startUs: number): Promise<void> {
    const delayMs = Math.ceil((startUs - monotonicUs()) / 1000);
    if (delayMs > 0) await delay(delayMs, undefined, { signal: this.#delay.signal }).catch(() => {});
    this.#loadEndUs = startUs + this.#plan.durationMs * 1000;
    this.#endUs = startUs + this.#plan.withinMs * 1000;
    this.#backOff?.countBetween(startUs + this.#plan.warmUpMs * 1000, this.#loadEndUs);
    this.#listener.begin(startUs);
    const tracker = autocannon({
      ...this.#target,
      method: "GET",
      connections: Math.min(this.#plan.concurrency, this.#plan.attempts),
      duration: FOREVER_S,
      forever: true,
      skipAggregateResult: true,
      sampleInt: SAMPLE_MS,
      setupClient: (client) => this.#setUp(client),
    });
    tracker.on("error", (error: Error) => (this.#fault = error));
    let lookedUs = monotonicUs();
    while (!this.#isOver(lookedUs)) {
      await delay(LOOK_MS);
      const nowUs = monotonicUs();
      const lagUs = Math.max(nowUs - lookedUs - LOOK_MS * 1000, 0);
      this.#listener.breathe(nowUs, lagUs, this.#asked.size);
      lookedUs = nowUs;
    }
    this.#end();
    if (this.#fault !== null) throw this.#fault;
    tracker.stop();
    this.#listener.over((this.#backOff?.totalUs ?? 0) / 1000);
  }

  stop(): void {
    this.#stopped = true;
    this.#delay.abort();
  }

  #isOver(nowUs: number): boolean {
    if (this.#fault !== null || this.#stopped || nowUs >= this.#endUs) return true;
    return !this.#mayAsk(nowUs) && this.#asked.size === 0;
  }

  #mayAsk(nowUs: number): boolean {
    return !this.#over && !this.#stopped && nowUs < this.#loadEndUs && this.#begun < this.#plan.attempts;
  }

  /** autocannon calls this for each client before it connects. */
  #setUp(client: CannonClient): void {
    this.#clients.push(client);
    // Set here, because autocannon's option takes whole seconds only.
    client.timeout = this.#plan.timeoutMs;
    const connect = client._connect.bind(client);
    const ask = client._doRequest.bind(client);
    client._connect = () => this.#connect(client, connect);
    client._doRequest = () => {
      if (this.#mayAsk(monotonicUs())) this.#ask(client, ask);
    };
    client.on("response", (status: number, _bytes: number, milliseconds: number) =>
      this.#answered(client, status, milliseconds),
    );
    client.on("connError", (error: Told) => {
      const stage = error.syscall === "connect" ? "connecting" : "asking";
      const failure = failureOf(stage, error, this.#came(client));
      this.#tell(client, failure ?? classify("response", { kind: "unexpected", why: "unexpected" }), null);
    });
  }

  /**
   * Called for a client at the start, and again when its connection has ended. If a request is under way then, either a FIN or an RST
   * cut it off, or it ran into its timeout and autocannon has dropped the connection itself.
   */
  #connect(client: CannonClient, connect: () => void): void {
    const nowUs = monotonicUs();
    if (this.#asked.has(client)) {
      const trouble = client.conn.destroyed ? ({ kind: "timeout" } as const) : endTrouble(this.#came(client));
      this.#tell(client, classify("response", trouble), null);
    }
    client.pipelinedRequests.clear();
    client.parser.initialize(client.parser.type);
    if (!this.#mayAsk(nowUs)) return;
    const againUs = this.#backOff?.nextUs(nowUs) ?? nowUs;
    if (againUs > nowUs) {
      const pauseMs = Math.min(Math.ceil((againUs - nowUs) / 1000), LOOK_MS);
      setTimeout(() => this.#connect(client, connect), pauseMs);
      return;
    }
    this.#backOff?.began();
    connect();
    client.conn.once("connect", () => {
      const first = this.#asked.get(client);
      if (first !== undefined) first.connectUs = monotonicUs() - first.startedUs;
    });
  }

  #ask(client: CannonClient, ask: () => void): void {
    this.#begun += 1;
    const { bytesRead } = client.conn;
    this.#asked.set(client, { attempt: this.#begun, startedUs: monotonicUs(), connectUs: null, bytesRead });
    ask();
  }

  /** Whether a byte has come since the request under way was sent, and whether an RST has. */
  #came(client: CannonClient): Came {
    const asked = this.#asked.get(client);
    const begun = asked !== undefined && client.conn.bytesRead > asked.bytesRead;
    return { begun, reset: peerEndOf(client.conn) === "rst" };
  }

  #answered(client: CannonClient, status: number, milliseconds: number): void {
    const refused = status >= 400 ? classify("response", { kind: "refused", status }) : "ok";
    this.#tell(client, refused, Math.round(milliseconds * 1000));
  }

  #tell(client: CannonClient, outcome: "ok" | AttemptFailure, totalUs: number | null): void {
    const asked = this.#asked.get(client);
    if (asked === undefined) return;
    this.#asked.delete(client);
    this.#backOff?.over(outcome, monotonicUs);
    const number = this.#clients.indexOf(client) + 1;
    this.#listener.attempt({ ...asked, number, localPort: null, firstByteUs: null, totalUs }, outcome);
  }

  #end(): void {
    this.#over = true;
    const cut = classify("response", { kind: this.#stopped ? "cancelled" : "timeout" });
    for (const client of this.#asked.keys()) this.#tell(client, cut, null);
    for (const client of this.#clients) client.destroy();
  }
}
