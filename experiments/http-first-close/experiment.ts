import {
  between,
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

/** `asks`: how the client asks, and for how long it waits for the server's FIN. */
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
    phases: [
      { name: "load", until: { exited: ["client"] } },
      { name: "drain", until: { elapsedMs: 500 } },
    ],
    everyMs: { sockets: 250, listeners: 1000, counters: 500 },
  });
}

/** How many connections to a server it closed first, as the client saw it; null when not all ended so or so. */
function closedByServer(recording: Recording, server: Server): number | null {
  const closed = samplesOf(recording, "report").filter(
    ({ report }) => report["kind"] === "closed" && report["port"] === SERVERS[server],
  );
  if (closed.length !== CONNECTIONS) return null;
  return closed.filter(({ report }) => report["first"] === "server").length;
}

const TITLES: Record<Server, string> = { node: "Node", nginx: "nginx", python: "Python's http.server" };

/** Who closes first, and whose the TIME-WAIT is. */
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
      "whose FIN is the first waits",
    ),
    socketsAtEndOf("drain", { host: other, state: "TIME-WAIT", port }, exactly(0)).because(
      "who closes second does not",
    ),
  ];
}

/** How long after the whole answer Node sent its FIN, at the earliest; null when it never did. */
function nodeWaitedMs(recording: Recording): number | null {
  const waited = samplesOf(recording, "report")
    .filter(({ report }) => report["port"] === SERVERS.node && report["first"] === "server")
    .flatMap(({ report }) => (typeof report["waitedMs"] === "number" ? [report["waitedMs"]] : []));
  return waited.length === 0 ? null : Math.min(...waited);
}

const asked = "it was asked to, and does so right after the answer";
const old =
  "it speaks HTTP/1.0, whatever it is asked in, and one answer is all that such a connection carries";
const kept =
  "a connection of HTTP/1.1 is kept for the next request, and here the client has the shorter patience";

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
      summary: "a request of HTTP/1.1, and a client that would wait for 9 s",
      setup: setup("--patience-ms 9000"),
      exact: [
        ...first("node", "server", "its own patience, keepAliveTimeout, is 5 s by default"),
        ...first("nginx", "client", "its own patience, keepalive_timeout, is 75 s by default"),
        ...first("python", "server", old),
        quantity(
          "ms of patience that Node had, at least",
          { needs: ["report"], of: nodeWaitedMs },
          between(4500, 8500),
        ).because("5 s, and in newer releases one more, so that a client that heeds the hint is the first"),
      ],
    },
  },
});
