import {
  atLeast,
  atMost,
  callsEnded,
  counterStill,
  exactly,
  fact,
  quantity,
  setupOf,
  slowdown,
  socketsAtEndOf,
  times,
  type Bound,
  type ExactExpectation,
  type Setup,
} from "../../harness/experiment.ts";

/** Connections to the server while the pile exists, and in turn with them as many to a server without a pile. */
const PROBES = 47;
/** The wait before that: building the pile takes some 3 s, and several times as long on a busy machine. */
const WAIT_MS = 18_000;
const probe = (to: string): string[] => [`connect ${to}`, "shutdown write", "recv end", "close"];

interface Pile {
  /** The end that closes first, and so has the pile. */
  at: "server" | "client";
  connections: number;
  /** The client's net.ipv4.ip_local_port_range. */
  range: string;
}

function setup({ at, connections, range }: Pile): Setup {
  const server = "short-against-long/http-server";
  const inTurn = [...probe("{server}:8080"), ...probe("{idle}:8081")];
  const withinMs = 60_000;
  return setupOf({
    sysctls: {
      "net.ipv4.tcp_tw_reuse": "0",
      "net.ipv4.tcp_timestamps": "1",
      "net.ipv4.tcp_max_tw_buckets": "32768",
      "net.ipv4.ip_local_port_range": range,
    },
    links: [
      { kind: "direct", between: ["client", "server"] },
      { kind: "direct", between: ["client", "idle"] },
    ],
    servers: {
      server: { run: `${server} --port 8080`, withinMs },
      idle: { run: `${server} --port 8081`, host: "idle", withinMs },
    },
    clients: {
      pile: {
        run: `clients/short-http --to {server}:8080 --close ${at} --attempts ${connections} --concurrency 23 --report histograms`,
        withinMs,
      },
      probe: { run: ["clients/calls", `wait ${WAIT_MS}`, ...times(PROBES, inTurn)], withinMs },
    },
    phases: { load: { exited: ["pile", "probe"] }, drain: { elapsedMs: 500 } },
    everyMs: { sockets: 1000, counters: 1000, processes: 1000 },
  });
}

const slower = (bound: Bound, because: string): ExactExpectation =>
  quantity(
    "times as long for a connect() to the server of the pile as for one to another",
    slowdown(),
    bound,
  ).because(because);

const all = callsEnded({ program: "probe", call: "connect" }, 0, exactly(2 * PROBES)).because(
  "ports and queues have room for more",
);

export const experiment = fact({
  id: "time-wait-pile",
  title: "What thousands of TIME-WAIT cost",
  question: "What gets slower, and what runs out, when thousands of connections are in TIME-WAIT?",
  tags: ["time-wait", "cost"],
  variants: {
    "at-the-server": {
      summary: "the server closes 4999 connections, and then takes 47 more",
      setup: setup({ at: "server", connections: 4999, range: "32768 60999" }),
      exact: [
        all,
        socketsAtEndOf(
          "drain",
          { host: "server", state: "TIME-WAIT", side: "listener", port: 8080 },
          atLeast(3500),
        ).because("each lasts 60 s, or until the client uses its port again, which ends it"),
        slower(
          atMost(2),
          "the kernel looks up a SYN's TIME-WAIT by a hash: it does not search the whole pile",
        ),
        counterStill({ host: "server", counter: "TcpExtListenDrops" }).because("no client is turned away"),
      ],
    },
    "at-the-client": {
      summary:
        "the client closes 2903 connections, of the 5000 for which it has ports, and then makes 94 more",
      setup: setup({ at: "client", connections: 2903, range: "30000 34999" }),
      exact: [
        all,
        socketsAtEndOf(
          "drain",
          { host: "client", state: "TIME-WAIT", side: "connector", port: 8080 },
          atLeast(2903),
        ).because("each lasts 60 s"),
        slower(
          atLeast(2),
          "when half of the ports are used, connect() first tries all ports of that half without success",
        ),
      ],
    },
  },
});
