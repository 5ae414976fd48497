import {
  attemptsOk,
  counterMoved,
  counterStill,
  exactly,
  fact,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  socketsStay,
  type ExactExpectation,
  type Setup,
} from "../../harness/experiment.ts";
import { signs } from "./signs.ts";

/** Connections in the pool. */
const POOL = 23;
const STAY_MS = 1500;

/** `again`: how many connections the client needs at once after the pause. */
function setup(again: number): Setup {
  return setupOf({
    // TIME-WAIT is counted: no port may be used again.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: { run: "python3 {here}/server.py 8080", listens: 8080 } },
    clients: { client: `python3 {here}/client.py {server}:8080 ${POOL} ${again}` },
    phases: { load: { exited: ["client"] }, drain: { elapsedMs: 300 } },
    tcpInfo: true,
  });
}

const pooled = {
  host: "client",
  state: "CLOSE-WAIT",
  side: "connector",
  owner: "process",
  port: 8080,
} as const;
const ended = { state: "TIME-WAIT", port: 8080 } as const;

/** What every pool shows in the pause, and what never happens. */
const healthy: ExactExpectation[] = [
  attemptsOk({ program: "client" }, exactly(2 * POOL)).because(
    "an ended connection is replaced before the request, not after it",
  ),
  socketsStay({ ...pooled, receiveQueue: "holding", sendQueue: "empty", timer: "none" }, exactly(POOL), {
    forMs: STAY_MS,
  }).because("the server has closed, and nobody reads from a connection that nobody needs"),
  socketsAtPeak(pooled, exactly(POOL)).because("one for each connection of the pool, and no more"),
  counterStill({ host: "client", counter: "TcpEstabResets" }).because(
    "nothing is written to them, so nothing is answered with RST",
  ),
  socketsAtEndOf("drain", { host: "server", side: "listener", ...ended }, exactly(POOL)).because(
    "the server closed these first, and each waits once the client has closed, too",
  ),
];

const opens = (count: number, because: string): ExactExpectation =>
  counterMoved({ host: "client", counter: "TcpActiveOpens" }, exactly(count)).because(because);
const closes = (count: number, because: string): ExactExpectation =>
  socketsAtEndOf("drain", { host: "client", side: "connector", ...ended }, exactly(count)).because(because);

export const experiment = fact({
  id: "close-wait-idle-pool",
  title: "CLOSE-WAIT of a pool that nobody needs at the moment",
  question: "What does a pool do with connections that the server has closed meanwhile?",
  tags: ["close-wait", "keep-alive", "http", "healthy", "python"],
  signs,
  variants: {
    "all-needed-again": {
      summary: "after a pause the client needs all connections at once",
      setup: setup(POOL),
      exact: [
        ...healthy,
        opens(2 * POOL, "each of the pool is replaced when it is taken"),
        closes(POOL, "at its end the client closes those that replaced them"),
      ],
    },
    "one-needed-again": {
      summary: "after a pause the client needs one connection at a time",
      setup: setup(1),
      exact: [
        ...healthy,
        opens(POOL + 1, "the connection that was put back last is taken first, again and again"),
        closes(1, "the others were never taken: they stood in CLOSE-WAIT until the client ended"),
        socketsStay({ ...pooled, receiveQueue: "holding" }, exactly(POOL - 1), { forMs: 300 }).because(
          "a pool is as large as it once had to be, and only a look at all of it would make it smaller",
        ),
      ],
    },
  },
});
