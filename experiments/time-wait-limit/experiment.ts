import {
  atLeast,
  attemptsOk,
  between,
  callsEnded,
  counterMoved,
  counterStill,
  exactly,
  fact,
  neverSeen,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  times,
  type Setup,
} from "../../harness/experiment.ts";

const ATTEMPTS = 97;
const LIMIT = 23;
/**
 * Connections whose port the client can happen to use again: connect() continues from the port where the last connect() on the machine
 * to such an address ended (net/ipv4/inet_hashtables.c, table_perturb), and other trials change that place.
 */
const REPEATED = 20;
/** An even number of ports, more than the limit and fewer than the attempts. */
const PORTS = 46;

interface Plan {
  /** net.ipv4.tcp_max_tw_buckets of both ends. */
  limit: number;
  close: "client" | "server";
  range?: string;
  /** Connections that the client closes first, to a server that never closes. */
  held?: number;
}

function setup({ limit, close, range = "32768 60999", held = 0 }: Plan): Setup {
  const withinMs = 30_000;
  const accepts = times(held, ["accept", "keep"]);
  const holder = { run: ["clients/calls", "listen 8081 47", ...accepts, "stay"], withinMs };
  const closer = {
    run: ["clients/calls", "--times", String(held), "connect {server}:8081", "close"],
    withinMs,
  };
  const delayMs = held === 0 ? 0 : 3000;
  return setupOf({
    sysctls: {
      "net.ipv4.tcp_max_tw_buckets": String(limit),
      "net.ipv4.tcp_tw_reuse": "0",
      "net.ipv4.tcp_timestamps": "1",
      "net.ipv4.tcp_fin_timeout": "60",
      "net.ipv4.ip_local_port_range": range,
    },
    servers: {
      server: { run: "short-against-long/http-server --port 8080", withinMs },
      ...(held === 0 ? {} : { holder }),
    },
    clients: {
      ...(held === 0 ? {} : { closer }),
      load: {
        run: `clients/short-http --to {server}:8080 --attempts ${ATTEMPTS} --rate 100 --concurrency 7 --close ${close} --delay-ms ${delayMs}`,
        withinMs,
      },
    },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 500 } },
    everyMs: { sockets: 100, counters: 500 },
  });
}

const all = attemptsOk({ program: "load" }, exactly(ATTEMPTS)).because(
  "a connection without TIME-WAIT ends like any other: neither end notices",
);
const overflow = { counter: "TcpExtTCPTimeWaitOverflow" } as const;
const atServer = { host: "server", state: "TIME-WAIT", side: "listener", port: 8080 } as const;
const atClient = { host: "client", state: "TIME-WAIT", side: "connector", port: 8080 } as const;

export const experiment = fact({
  id: "time-wait-limit",
  title: "As many TIME-WAIT as tcp_max_tw_buckets, and no more",
  question: "What happens to a connection that closes when the limit of TIME-WAIT is reached?",
  tags: ["time-wait", "ports"],
  variants: {
    below: {
      summary: "97 connections, closed by the server, which may have 997 TIME-WAIT",
      setup: setup({ limit: 997, close: "server" }),
      exact: [
        all,
        counterMoved({ host: "server", counter: "TcpExtTW" }, exactly(ATTEMPTS)).because("each leaves one"),
        socketsAtEndOf("drain", atServer, atLeast(ATTEMPTS - REPEATED)).because(
          "they stay, unless the client happens to use the same port again",
        ),
        counterStill({ host: "server", ...overflow }).because("there was room for all"),
      ],
    },
    above: {
      summary: "97 connections, closed by the server, which may have 23 TIME-WAIT",
      setup: setup({ limit: LIMIT, close: "server" }),
      exact: [
        all,
        socketsAtPeak(atServer, exactly(LIMIT)).because("the limit is exact"),
        socketsAtEndOf("drain", atServer, exactly(LIMIT)).because(
          "the existing ones stay: the new ones get no TIME-WAIT",
        ),
        counterMoved(
          { host: "server", ...overflow },
          between(ATTEMPTS - LIMIT - REPEATED, ATTEMPTS - LIMIT),
        ).because("each close without TIME-WAIT is counted"),
      ],
    },
    "held-by-fin-wait-2": {
      summary: "the client may have 23 TIME-WAIT, and has 23 connections that the other end does not close",
      setup: setup({ limit: LIMIT, close: "client", held: LIMIT }),
      exact: [
        all,
        callsEnded({ program: "closer", call: "close" }, 0, exactly(LIMIT)).because(
          "the client has closed them",
        ),
        socketsAtEndOf(
          "drain",
          { host: "client", state: "FIN-WAIT-2", side: "connector", port: 8081 },
          exactly(LIMIT),
        ).because("a FIN-WAIT-2 without a process is kept in the same small record as a TIME-WAIT"),
        neverSeen(atClient).because("FIN-WAIT-2 counts against the same limit: none is left for TIME-WAIT"),
        counterMoved({ host: "client", ...overflow }, exactly(ATTEMPTS)).because(
          "no connection gets a TIME-WAIT",
        ),
      ],
    },
    "few-ports": {
      summary: "97 connections, closed by the client, which has 46 ports and may have 23 TIME-WAIT",
      setup: setup({ limit: LIMIT, close: "client", range: `40000 ${40_000 + PORTS - 1}` }),
      exact: [
        all,
        socketsAtEndOf("drain", atClient, exactly(LIMIT)).because("the limit holds at this end, too"),
        counterMoved({ host: "client", ...overflow }, exactly(ATTEMPTS - LIMIT)).because(
          "the other connections gave their ports back at once: half of the 46 are never in TIME-WAIT",
        ),
      ],
    },
  },
});
