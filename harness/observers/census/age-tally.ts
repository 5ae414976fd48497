import { SOCKET_STATES, SOCKET_TIMERS, stateName } from "../../kernel/sockdiag/state.ts";
import { type Age, AGE_ENDS_MS, AGE_FIGURES, type AgeFigure } from "../../model/census.ts";
import { type SeenState, TCP_STATES } from "../../model/state.ts";
import type { SourceRow } from "./source.ts";

const TIMEWAIT = SOCKET_TIMERS.indexOf("timewait");
/** Before the handshake is over, struct tcp_info has no times, and a listening socket has others. */
const WITHOUT_TIMES = new Set(
  (["LISTEN", "SYN-SENT", "SYN-RECEIVED"] as const).map((state) => SOCKET_STATES.indexOf(state)),
);

/** Collects how long sockets stand in their states, as far as the kernel shows it, for one sample after another. */
export class AgeTally {
  readonly #watches: boolean;
  readonly #values = new Map<string, { state: SeenState; figure: AgeFigure; values: number[] }>();
  /** When each socket was first seen in its state, in the sample before and in this one. */
  #before = new Map<string, number>();
  #seen = new Map<string, number>();
  #nowMs = 0;

  /** `watches`: whether there is more than one sample, so that a time can be counted where the kernel shows none. */
  constructor(watches: boolean) {
    this.#watches = watches;
  }

  /** Begins a sample, at a time of a monotonic clock. */
  begin(nowMs: number): void {
    this.#nowMs = nowMs;
    this.#values.clear();
    this.#before = this.#seen;
    this.#seen = new Map();
  }

  add(row: SourceRow): void {
    const state = stateName(row.state);
    if (row.timer === TIMEWAIT) {
      this.#put(state, "timerLeft", row.timerMs);
      return;
    }
    const info = WITHOUT_TIMES.has(row.state) ? null : row.tcpInfo();
    const [sent, received, acknowledged] = [
      info?.lastDataSentMs ?? null,
      info?.lastDataReceivedMs ?? null,
      info?.lastAckReceivedMs ?? null,
    ];
    if (sent !== null && received !== null) this.#put(state, "noData", Math.min(sent, received));
    if (acknowledged !== null) this.#put(state, "nothingReceived", acknowledged);
    if (info !== null) return;
    if (!this.#watches) return this.#put(state, "notShown", null);
    const key = `${row.state} ${identityOf(row)}`;
    const since = this.#before.get(key) ?? this.#nowMs;
    this.#seen.set(key, since);
    this.#put(state, "firstSeen", this.#nowMs - since);
  }

  /** The figures, by state in the order of a connection's life. */
  ages(): Age[] {
    const place = (state: SeenState): number => (TCP_STATES as readonly string[]).indexOf(state);
    return [...this.#values.values()]
      .toSorted(
        (a, b) =>
          place(a.state) - place(b.state) || AGE_FIGURES.indexOf(a.figure) - AGE_FIGURES.indexOf(b.figure),
      )
      .map(({ state, figure, values }) => ageOf(state, figure, values));
  }

  #put(state: SeenState, figure: AgeFigure, valueMs: number | null): void {
    const key = `${state} ${figure}`;
    const known = this.#values.get(key) ?? { state, figure, values: [] };
    this.#values.set(key, known);
    // A socket without a time is counted, too.
    known.values.push(valueMs ?? Number.NaN);
  }
}

function ageOf(state: SeenState, figure: AgeFigure, values: number[]): Age {
  const sockets = values.length;
  if (figure === "notShown")
    return { state, figure, sockets, counts: [], leastMs: null, middleMs: null, mostMs: null };
  const sorted = Float64Array.from(values).toSorted();
  const counts = Array.from({ length: AGE_ENDS_MS.length + 1 }, () => 0);
  for (const value of sorted) {
    const column = AGE_ENDS_MS.findIndex((end) => value < end);
    counts[column === -1 ? AGE_ENDS_MS.length : column]! += 1;
  }
  const at = (nth: number): number => Math.round(sorted[nth] ?? 0);
  return {
    state,
    figure,
    sockets,
    counts,
    leastMs: at(0),
    middleMs: at(Math.floor((sockets - 1) / 2)),
    mostMs: at(sockets - 1),
  };
}

/** What tells a socket from all others: the kernel's number for it, or its two ends. */
function identityOf(row: SourceRow): string {
  if (row.cookie !== null) return String(row.cookie);
  return `${row.localAddress} ${row.localPort} ${row.remoteAddress} ${row.remotePort} ${row.inode}`;
}
