import {
  atLeast,
  atMost,
  between,
  callsEnded,
  closeTook,
  counterMoved,
  exactly,
  fact,
  neverSeen,
  quantity,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  type Bound,
  type ExactExpectation,
  type Setup,
  type WireRule,
} from "../../harness/experiment.ts";

/** One way: sending takes several round trips, so most of the data waits when the program closes. */
const DELAY_MS = 50;
const BYTES = 97_000;
const SECONDS = 3;

interface Trial {
  /** What the client does before it closes, and what the server does with its connection. */
  client: string[];
  server?: string[];
  rules?: WireRule[];
  drainMs?: number;
}

function setup({ client, server = ["recv end", "close"], rules = [], drainMs = 600 }: Trial): Setup {
  return setupOf({
    sysctls: {
      // Slow start decides how much leaves at once. The rest waits in the send buffer, which must hold all of it.
      "net.ipv4.tcp_no_metrics_save": "1",
      "net.ipv4.tcp_rmem": "4096 131072 6291456",
      "net.ipv4.tcp_wmem": "4096 262144 4194304",
      "net.ipv4.tcp_orphan_retries": "0",
    },
    links: [{ kind: "wire", delayMs: DELAY_MS, rules }],
    servers: {
      server: { run: ["clients/calls", "listen 8080 4", "accept", ...server, "stay"], withinMs: 20_000 },
    },
    clients: {
      client: {
        run: ["clients/calls", "connect {server}:8080", ...client, "close", "wait 200"],
        withinMs: 60_000,
      },
    },
    phases: { load: { exited: ["client"] }, drain: { elapsedMs: drainMs } },
    everyMs: { sockets: 50, counters: 200, processes: 200 },
  });
}

const closing = (bound: Bound, because: string): ExactExpectation =>
  quantity("milliseconds that close() took", closeTook("client"), bound).because(because);

const read = (result: number | string, because: string): ExactExpectation =>
  callsEnded({ program: "server", call: "recv" }, result, exactly(1)).because(because);

const resets = (bound: Bound, because: string): ExactExpectation =>
  segmentsSeen({ from: "client", flags: ["RST"] }, bound).because(because);

const whole = read(BYTES, "the kernel goes on sending after close(), and puts the FIN behind the data");
const noWait = closing(atMost(90), "the program does not wait for the other end");
const inTimeWait = socketsAtEndOf("drain", { host: "client", state: "TIME-WAIT", port: 8080 }, exactly(1));

export const experiment = fact({
  id: "linger",
  title: "close() with bytes still to send, and SO_LINGER",
  question: "What happens to the written data, and how long does close() take?",
  tags: ["close", "reset", "linger", "wire"],
  variants: {
    off: {
      summary: "no SO_LINGER, as a socket is by default",
      setup: setup({ client: [`send ${BYTES}`] }),
      exact: [
        whole,
        noWait,
        resets(exactly(0), "the connection ends with a FIN each way"),
        inTimeWait.because("the client closed first"),
      ],
    },
    "off-with-time": {
      summary: "SO_LINGER {0, 0}: set, and off",
      setup: setup({ client: [`send ${BYTES}`, "set SO_LINGER -1"] }),
      exact: [
        whole,
        noWait,
        resets(exactly(0), "it is the default"),
        inTimeWait.because("it is the default"),
      ],
    },
    zero: {
      summary: "SO_LINGER {1, 0}",
      setup: setup({ client: [`send ${BYTES}`, "set SO_LINGER 0"] }),
      exact: [
        read("ECONNRESET", "the RST came while the server was reading"),
        noWait,
        resets(atLeast(1), "close() is the RST"),
        segmentsSeen({ from: "client", flags: ["FIN"] }, exactly(0)).because(
          "the connection ends with a RST, not with a FIN",
        ),
        neverSeen({ host: "client", state: "TIME-WAIT" }).because("a RST leaves nothing behind"),
        counterMoved({ host: "client", counter: "TcpExtTCPAbortOnData" }, exactly(1)).because(
          "the kernel counts each close() that discards the connection",
        ),
      ],
    },
    "zero-after-both-ended": {
      summary: "SO_LINGER {1, 0}, and close() when both FINs have been exchanged",
      setup: setup({ client: ["set SO_LINGER 0", "shutdown write", "recv end", "wait 200"] }),
      exact: [
        resets(exactly(0), "there is no connection left to reset"),
        inTimeWait.because("TIME-WAIT began with the other end's FIN, before close()"),
      ],
    },
    seconds: {
      summary: `SO_LINGER {1, ${SECONDS}}`,
      setup: setup({ client: [`send ${BYTES}`, `set SO_LINGER ${SECONDS}`] }),
      exact: [
        whole,
        closing(
          between(2 * DELAY_MS, SECONDS * 1000 - 300),
          "it waits until its FIN is acknowledged, and no longer",
        ),
        resets(exactly(0), "the connection ends with a FIN each way"),
      ],
    },
    "seconds-unanswered": {
      summary: `SO_LINGER {1, ${SECONDS}}, and nothing is acknowledged`,
      setup: setup({
        client: ["wait 300", `send ${BYTES}`, `set SO_LINGER ${SECONDS}`],
        // The server's acknowledgements after the handshake are lost.
        rules: [
          { name: "no acknowledgement", match: { from: "server", without: ["SYN"] }, do: { drop: true } },
        ],
        drainMs: 2500, // Long enough for one more repetition.
      }),
      exact: [
        closing(
          between(SECONDS * 1000 - 50, SECONDS * 2000),
          "close() waits no longer than the time that was set",
        ),
        socketsAtEndOf("drain", { host: "client", state: "FIN-WAIT-1", owner: "none" }, exactly(1)).because(
          "close() has returned, and the kernel goes on sending",
        ),
        resets(exactly(0), "the end of the time does not cause a RST"),
      ],
    },
  },
});
