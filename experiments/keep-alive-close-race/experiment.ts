import {
  atLeast,
  attemptsOk,
  counterDelta,
  counterMoved,
  counterSeries,
  counterStill,
  exactly,
  failureMode,
  outcomes,
  setupOf,
  socketSeries,
  socketsAtPeak,
  type Answer,
  type Setup,
  type Sockets,
  type SymptomExpectation,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const CONNECTIONS = 23;
const ROUNDS = 6;
/** Each round but the first meets closed connections. */
const LOST = CONNECTIONS * (ROUNDS - 1);
/** One coincidence says nothing. */
const LEAST_TIMES = 2;
/** Of the connections that were written to, at least so many are reset; and of all resets, at least so many are theirs. */
const MOST_OF = 0.75;

function setup(server: string, client: string): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: { run: `python3 {here}/${server}.py 8080`, listens: 8080 } },
    clients: { client: `keep-alive-close-race/${client} --to {server}:8080 --connections ${CONNECTIONS}` },
    phases: { load: { exited: ["client"] }, drain: { elapsedMs: 300 } },
    everyMs: { sockets: 150, listeners: 1000, counters: 150, processes: 400 },
    tcpInfo: true,
  });
}

/** The other end has finished, and the process that has used the connection has not read that. */
const finished = {
  state: "CLOSE-WAIT",
  side: "connector",
  owner: ["process", "shared"],
  receiveQueue: "holding",
  sendQueue: "empty",
  exchanged: "both",
} as const satisfies Sockets;

/** How many connections went out of `finished`, how often, and how many were reset at these times. */
function gone(view: View): { connections: number; times: number; resets: number } {
  const counter = { counter: "TcpEstabResets" };
  const resets = counterSeries(view, counter).points;
  const { points } = socketSeries(view, finished);
  const found = { connections: 0, times: 0, resets: 0 };
  let [before, isFalling, countedUs] = [points[0], false, 0];
  for (const point of points.slice(1)) {
    const fall = (before?.value ?? 0) - point.value;
    if (fall > 0) {
      // The look before may have read the counters a little later than the sockets.
      const fromUs = Math.max(countedUs, before?.atUs ?? 0);
      const first = resets.findLast(({ atUs }) => atUs < fromUs) ?? resets[0];
      const last = resets.find(({ atUs }) => atUs >= point.atUs) ?? resets.at(-1);
      found.resets += Math.max(0, (last?.value ?? 0) - (first?.value ?? 0));
      found.connections += fall;
      if (!isFalling) found.times += 1;
      countedUs = last?.atUs ?? point.atUs;
    }
    isFalling = fall > 0;
    before = point;
  }
  return found;
}

function areReset(view: View): Answer {
  const { connections, times, resets } = gone(view);
  const all = counterDelta(view, { counter: "TcpEstabResets" });
  if (all === null) return { holds: null, observed: "no counters were sampled" };
  const observed = `${connections} of them were gone at ${times} times, and ${resets} connections were reset at these times, of ${all}`;
  const areTheirs = resets >= MOST_OF * connections && connections >= MOST_OF * all;
  return { holds: times >= LEAST_TIMES && areTheirs, observed };
}

const written: SymptomExpectation = {
  claim: `such connections disappear at ${LEAST_TIMES} times or more, and as many are reset at the same times`,
  because:
    "a process that closes them sends a FIN, and they are not reset: it wrote a request, and the other end had closed",
  needs: ["sockets", "counters"],
  test: areReset,
};

const load = { program: "client" };
const notReset = counterStill({ host: "client", counter: "TcpEstabResets" });

export const experiment = failureMode({
  id: "keep-alive-close-race",
  title: "A kept connection that the server closes while the client takes it again",
  question: "Why do requests fail with ECONNRESET, if the server is up and has answered all that it read?",
  tags: ["keep-alive", "http", "reset", "pool", "close-wait"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "the server closes idle connections sooner than the client gives them up",
      setup: setup("buggy", "client"),
      exact: [
        outcomes(load, "response ECONNRESET", exactly(LOST)).because(
          "the first request over a connection that the server has closed is answered with a RST",
        ),
        attemptsOk(load, exactly(CONNECTIONS * ROUNDS)).because("the same request over a new connection"),
        socketsAtPeak({ host: "client", port: 8080, ...finished }, exactly(CONNECTIONS)).because(
          "the server's FIN waits in the receive queue: the event loop is blocked",
        ),
        counterMoved({ host: "client", counter: "TcpEstabResets" }, exactly(LOST)).because(
          "a RST ends each connection in CLOSE-WAIT",
        ),
        counterMoved({ host: "server", counter: "TcpOutRsts" }, exactly(LOST)).because(
          "a process that has closed will not read the request, and the kernel says so",
        ),
      ],
    },
    fixed: {
      summary: "the server keeps idle connections for longer than the client",
      setup: setup("fixed", "client"),
      exact: [
        attemptsOk(load, exactly(CONNECTIONS * ROUNDS)).because("the connections are there at each round"),
        counterMoved({ host: "client", counter: "TcpActiveOpens" }, exactly(CONNECTIONS)).because(
          "each is used again",
        ),
        notReset.because("no request meets a FIN"),
      ],
    },
    "fixed-by-age": {
      summary: "the client uses no connection again that was idle for long",
      setup: setup("buggy", "fixed-by-age"),
      exact: [
        attemptsOk(load, exactly(CONNECTIONS * ROUNDS)).because("each round has connections of its own"),
        counterMoved({ host: "client", counter: "TcpActiveOpens" }, exactly(CONNECTIONS * ROUNDS)).because(
          "a handshake for each request",
        ),
        notReset.because("close() answers the FIN with a FIN"),
      ],
    },
  },
  symptom: [
    socketsAtPeak(finished, atLeast(5)).because(
      "a pool has connections whose other end has finished, and the process has not read that",
    ),
    counterMoved({ counter: "TcpEstabResets" }, atLeast(10)).because(
      "connections were reset: closed with close(), they would have ended with a FIN",
    ),
    written,
  ],
  overlaps: {},
});
