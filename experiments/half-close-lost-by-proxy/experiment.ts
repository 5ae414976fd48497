import {
  atLeast,
  callsEnded,
  counterMoved,
  counterStill,
  exactly,
  fact,
  neverSeen,
  setupOf,
  socketsAtPeak,
  times,
  type ExactExpectation,
  type Setup,
} from "../../harness/experiment.ts";
import { signs } from "./signs.ts";

const REQUESTS = 23;
const REQUEST = 97;
/** "97" and a line feed. */
const ANSWER = 3;

function setup(proxy: string): Setup {
  return setupOf({
    // An orphan in FIN-WAIT-2 must outlast the backend's work.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_fin_timeout": "60" },
    hosts: { client: {}, server: {}, backend: {} },
    links: [
      { kind: "direct", between: ["client", "server"] },
      { kind: "direct", between: ["server", "backend"] },
    ],
    servers: {
      backend: { run: "python3 {here}/backend.py 9090", host: "backend", listens: 9090 },
      proxy: { run: `python3 {here}/${proxy}.py 8080 {backend}:9090`, listens: 8080 },
    },
    clients: {
      client: [
        "clients/calls",
        ...times(REQUESTS, [
          "connect {server}:8080",
          `send ${REQUEST}`,
          "shutdown write",
          "recv end",
          "close",
        ]),
      ],
    },
    phases: { load: { exited: ["client"] }, drain: { elapsedMs: 500 } },
    everyMs: { sockets: 40, listeners: 1000, counters: 500, processes: 200 },
  });
}

const read = (bytes: number, because: string): ExactExpectation =>
  callsEnded({ program: "client", call: "recv" }, bytes, exactly(REQUESTS)).because(because);

/** An end that the proxy has closed, and whose other end has not finished. */
const orphan = { host: "server", side: "connector", port: 9090, state: "FIN-WAIT-2", owner: "none" } as const;
const resets = { host: "server", counter: "TcpOutRsts" } as const;

export const experiment = fact({
  id: "half-close-lost-by-proxy",
  title: "A proxy between a client that has finished sending and its answer",
  question: "What becomes of an answer, if a proxy takes the client's FIN for a goodbye?",
  tags: ["proxy", "half-close", "close-wait", "python"],
  signs,
  variants: {
    closes: {
      summary: "at end-of-file the proxy closes both connections",
      setup: setup("closes"),
      exact: [
        read(0, "the proxy's FIN comes before any answer: the client reads end-of-file, and no error"),
        socketsAtPeak(orphan, atLeast(1)).because(
          "close() sends a FIN, too: the backend acknowledges it, works, and knows nothing of a close",
        ),
        counterMoved(resets, atLeast(REQUESTS)).because(
          "the answer comes to a connection that nobody holds, and the proxy's kernel resets it",
        ),
      ],
    },
    "shuts-down": {
      summary: "at end-of-file the proxy shuts down the same direction of the other connection",
      setup: setup("shuts-down"),
      exact: [
        read(ANSWER, "the direction to the client has not ended"),
        counterStill(resets).because("somebody holds the connection until the answer has come"),
        neverSeen(orphan).because("its FIN-WAIT-2 has a process, which waits for the answer"),
      ],
    },
  },
});
