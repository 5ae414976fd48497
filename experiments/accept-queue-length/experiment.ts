import {
  callsEnded,
  counterMoved,
  counterStill,
  exactly,
  fact,
  quantity,
  queued,
  segmentsSeen,
  sendQueue,
  setupOf,
  socketsAtPeak,
  times,
  type ExactExpectation,
  type Setup,
} from "../../harness/experiment.ts";

const PORT = 8080;
/** How many connections the server takes out of the queue. */
const ACCEPTED = 2;
/** The limit of the queue, whichever of the two it comes from. */
const LIMIT = 4;
/** One more than the limit fits, and then one more comes. */
const COMING = ACCEPTED + LIMIT + 2;

interface Queue {
  backlog: number;
  somaxconn: number;
  abortOnOverflow?: "0" | "1";
  cookies?: "1" | "2";
}

function setup({ backlog, somaxconn, abortOnOverflow = "0", cookies = "1" }: Queue): Setup {
  const connect = `connect {server}:${PORT}`;
  const accepted = times(ACCEPTED, ["accept", "send 1", "keep"]);
  return setupOf({
    hosts: {
      client: { "net.ipv4.tcp_syn_retries": "1", "net.ipv4.tcp_syn_linear_timeouts": "0" },
      server: {
        "net.core.somaxconn": String(somaxconn),
        "net.ipv4.tcp_abort_on_overflow": abortOnOverflow,
        "net.ipv4.tcp_syncookies": cookies,
        "net.ipv4.tcp_max_syn_backlog": "1024",
      },
    },
    links: [{ kind: "wire" }],
    servers: {
      server: { run: ["clients/calls", `listen ${PORT} ${backlog}`, ...accepted, "stay"], withinMs: 20_000 },
    },
    clients: {
      client: [
        "clients/calls",
        // The server accepts a connection before the next one comes.
        ...times(ACCEPTED, [connect, "recv 1", "keep"]),
        ...times(COMING - ACCEPTED, [connect, "keep"]),
        // One more look at the queue when all connections have arrived.
        "wait 500",
      ],
    },
    phases: { load: { exited: ["client"] } },
    everyMs: { sockets: 100, listeners: 100, counters: 250, processes: 500 },
  });
}

/** Recv-Q and Send-Q of the listener when it was fullest, as `ss -ltn` has them. */
const fullest = (queue: number, backlog: number, because: string): ExactExpectation[] => [
  quantity(
    "connections in Recv-Q at its fullest",
    queued({ host: "server", port: PORT }),
    exactly(queue),
  ).because(because),
  quantity("connections in Send-Q", sendQueue("server"), exactly(backlog)).because(because),
];

const inQueue = (count: number): ExactExpectation =>
  socketsAtPeak(
    { host: "server", state: "ESTABLISHED", side: "listener", port: PORT, owner: "none" },
    exactly(count),
  ).because("Recv-Q counts the established connections that nobody has accepted, and no others");

const full = [
  ...fullest(LIMIT + 1, LIMIT, "the queue is full when it is longer than its limit: it holds one more"),
  inQueue(LIMIT + 1),
  callsEnded({ program: "client", call: "connect" }, 0, exactly(COMING - 1)).because(
    "two were accepted, five wait, and the kernel has finished all their handshakes",
  ),
  callsEnded({ program: "client", call: "connect" }, "ETIMEDOUT", exactly(1)).because(
    "the last one's SYN is dropped, and so is its repetition",
  ),
  segmentsSeen({ from: "server", flags: ["RST"], phase: "load" }, exactly(0)).because(
    "a SYN that finds no room is dropped silently, whatever tcp_abort_on_overflow is",
  ),
  counterMoved({ host: "server", counter: "TcpExtListenOverflows" }, exactly(2)).because(
    "it counts SYNs: the first and its repetition, for one connection",
  ),
  counterMoved({ host: "server", counter: "TcpExtListenDrops" }, exactly(2)).because(
    "ListenDrops counts SYNs dropped for any reason, this one included",
  ),
];

export const experiment = fact({
  id: "accept-queue-length",
  title: "How many connections may wait for accept()",
  question: "How long is the accept queue, and what happens to the next SYN?",
  tags: ["accept-queue", "backlog", "wire"],
  variants: {
    "backlog-4": {
      summary: "listen() with 4, somaxconn 4096",
      setup: setup({ backlog: LIMIT, somaxconn: 4096 }),
      exact: full,
    },
    "somaxconn-4": {
      summary: "listen() with 511, somaxconn 4",
      setup: setup({ backlog: 511, somaxconn: LIMIT }),
      exact: full,
    },
    abort: {
      summary: "listen() with 4, and tcp_abort_on_overflow 1",
      setup: setup({ backlog: LIMIT, somaxconn: 4096, abortOnOverflow: "1" }),
      exact: full,
    },
    "cookies-always": {
      summary: "listen() with 4, and tcp_syncookies 2",
      setup: setup({ backlog: LIMIT, somaxconn: 4096, cookies: "2" }),
      exact: [
        ...full,
        counterMoved({ host: "server", counter: "TcpExtSyncookiesSent" }, exactly(COMING - 1)).because(
          "a cookie saves a place in the SYN queue, not in the accept queue",
        ),
      ],
    },
    "both-large": {
      summary: "listen() with 511, somaxconn 4096",
      setup: setup({ backlog: 511, somaxconn: 4096 }),
      exact: [
        ...fullest(COMING - ACCEPTED, 511, "there is room for all"),
        inQueue(COMING - ACCEPTED),
        callsEnded({ program: "client", call: "connect" }, 0, exactly(COMING)).because("all get in"),
        counterStill({ host: "server", counter: "TcpExtListenOverflows" }).because("no SYN is dropped"),
      ],
    },
  },
});
