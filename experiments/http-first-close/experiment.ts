import {
  between,
  closedFirst,
  exactly,
  fact,
  quantity,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";

/** Connections to each server. */
const CONNECTIONS = 23;
const SERVERS = { node: 8080, nginx: 8081, python: 8082 } as const;
type Server = keyof typeof SERVERS;

/** `asks`: the form of the client's request, and how long the client waits for the server's FIN. */
function setup(asks: string): Setup {
  const to = Object.values(SERVERS).map((port) => `--to {server}:${port}`);
  return setupOf({
    sysctls: { "net.ipv4.tcp_max_tw_buckets": "4096", "net.ipv4.tcp_tw_reuse": "0" },
    servers: {
      node: `http-first-close/node --port ${SERVERS.node}`,
      nginx: { run: "nginx -p {scratch} -e stderr -c {here}/nginx.conf", listens: SERVERS.nginx },
      python: {
        run: `python3 -m http.server ${SERVERS.python} --bind 0.0.0.0 --directory {scratch}`,
        listens: SERVERS.python,
      },
    },
    clients: {
      client: {
        run: `http-first-close/client ${to.join(" ")} --connections ${CONNECTIONS} ${asks}`,
        withinMs: 40_000,
      },
    },
    phases: { load: { exited: ["client"] }, drain: { elapsedMs: 500 } },
    everyMs: { sockets: 250, listeners: 1000, counters: 500 },
  });
}

/** How many connections a server closed first, as the client reported; null when not all ended in one of the two ways. */
function closedByServer(recording: Recording, server: Server): number | null {
  const { byServer, all } = closedFirst(recording, SERVERS[server]);
  return all === CONNECTIONS ? byServer : null;
}

const TITLES: Record<Server, string> = { node: "Node", nginx: "nginx", python: "Python's http.server" };

/** Which end closes first, and which end has the TIME-WAIT. */
function first(server: Server, who: "server" | "client", because: string): ExactExpectation[] {
  const port = SERVERS[server];
  const other = who === "server" ? "client" : "server";
  const of = (recording: Recording): number | null => closedByServer(recording, server);
  return [
    quantity(
      `connections that ${TITLES[server]} closes first`,
      { needs: ["report"], of },
      exactly(who === "server" ? CONNECTIONS : 0),
    ).because(because),
    socketsAtEndOf("drain", { host: who, state: "TIME-WAIT", port }, exactly(CONNECTIONS)).because(
      "the end whose FIN comes first waits",
    ),
    socketsAtEndOf("drain", { host: other, state: "TIME-WAIT", port }, exactly(0)).because(
      "the end that closes second does not",
    ),
  ];
}

/** The shortest time from the complete answer to Node's FIN; null when Node never closed first. */
function nodeWaitedMs(recording: Recording): number | null {
  const waited = samplesOf(recording, "report")
    .filter(({ report }) => report["port"] === SERVERS.node && report["first"] === "server")
    .flatMap(({ report }) => (typeof report["waitedMs"] === "number" ? [report["waitedMs"]] : []));
  return waited.length === 0 ? null : Math.min(...waited);
}

const asked = "the request asked for it, and the server closes right after the answer";
const old = "it answers in HTTP/1.0 to any version, and such a connection carries only one answer";
const kept =
  "an HTTP/1.1 connection is kept for the next request, and here the client's waiting time is shorter";

export const experiment = fact({
  id: "http-first-close",
  title: "Who closes an HTTP connection, and keeps TIME-WAIT",
  question: "Does the server close an HTTP connection, or the client?",
  tags: ["time-wait", "close", "keep-alive", "http"],
  variants: {
    "http-1.0": {
      summary: "a request of HTTP/1.0",
      setup: setup("--version 1.0"),
      exact: [
        ...first("node", "server", "HTTP/1.0 ends an answer with the connection"),
        ...first("nginx", "server", "HTTP/1.0 ends an answer with the connection"),
        ...first("python", "server", old),
      ],
    },
    "connection-close": {
      summary: "a request of HTTP/1.1 with Connection: close",
      setup: setup("--connection close"),
      exact: [
        ...first("node", "server", asked),
        ...first("nginx", "server", asked),
        ...first("python", "server", old),
      ],
    },
    "keep-alive": {
      summary: "a request of HTTP/1.1, and a client that closes half a second after the answer",
      setup: setup(""),
      exact: [
        ...first("node", "client", kept),
        ...first("nginx", "client", kept),
        ...first("python", "server", old),
      ],
    },
    idle: {
      summary: "a request of HTTP/1.1, and a client that waits for up to 9 s",
      setup: setup("--patience-ms 9000"),
      exact: [
        ...first("node", "server", "its own idle limit, keepAliveTimeout, is 5 s by default"),
        ...first("nginx", "client", "its own idle limit, keepalive_timeout, is 75 s by default"),
        ...first("python", "server", old),
        quantity(
          "ms of patience that Node had, at least",
          { needs: ["report"], of: nodeWaitedMs },
          between(4500, 8500),
        ).because("5 s, and one more in newer releases, so that a client that obeys the hint closes first"),
      ],
    },
  },
});
