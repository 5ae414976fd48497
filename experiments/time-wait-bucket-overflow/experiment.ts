import {
  atLeast,
  attemptsOk,
  between,
  connections,
  counterMoved,
  counterStill,
  exactly,
  failureMode,
  setupOf,
  socketsAtEndOf,
  socketSeries,
  sysctl,
  type Answer,
  type Evidence,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const ATTEMPTS = 97;
/** What the guide says: a limit far below the connections of a minute. */
const LIMIT = 23;
/** More than the attempts; a namespace may have less than the machine's own default. */
const ROOM = 8192;
/**
 * Connections whose port the client can happen to use again, so that the server's TIME-WAIT of that port becomes a connection: connect()
 * continues from the port where the last connect() on the machine ended (net/ipv4/inet_hashtables.c, table_perturb).
 */
const REPEATED = 20;

function setup(program: string, limit: number): Setup {
  return setupOf({
    sysctls: {
      "net.ipv4.tcp_tw_reuse": "0",
      "net.ipv4.tcp_timestamps": "1",
      "net.ipv4.tcp_fin_timeout": "60",
      "net.ipv4.tcp_max_tw_buckets": String(limit),
    },
    servers: { server: `${program} --port 8080` },
    clients: {
      load: {
        run: `clients/long-http --to {server}:8080 --attempts ${ATTEMPTS} --rate 100 --close server`,
        withinMs: 20_000,
      },
    },
    phases: [
      { name: "load", until: { exited: ["load"] } },
      { name: "drain", until: { elapsedMs: 700 } },
    ],
    everyMs: { sockets: 100, counters: 250, processes: 500 },
  });
}

const load = { program: "load" };
const overflow = { counter: "TcpExtTCPTimeWaitOverflow" } as const;
const atServer = { host: "server", state: "TIME-WAIT", side: "listener", port: 8080 } as const;
/** The kernel keeps a FIN-WAIT-2 that no process holds in the same small record as a TIME-WAIT, and counts both. */
const records = { state: ["TIME-WAIT", "FIN-WAIT-2"], timer: "timewait" } as const;

/** Whether as many TIME-WAIT are there as the limit allows. */
function limitReached(evidence: Evidence): Answer {
  const limit = Number(sysctl(evidence, "net.ipv4.tcp_max_tw_buckets") ?? Number.NaN);
  const { peak } = socketSeries(evidence, records);
  if (Number.isNaN(limit) || peak === null) {
    return { holds: null, observed: "net.ipv4.tcp_max_tw_buckets was not read" };
  }
  return {
    holds: peak.value >= 0.9 * limit,
    observed: `${peak.value} were there at once, and net.ipv4.tcp_max_tw_buckets is ${limit}`,
  };
}

export const experiment = failureMode({
  id: "time-wait-bucket-overflow",
  title: "Connections that end without TIME-WAIT, because tcp_max_tw_buckets is reached",
  question: "What does a lower tcp_max_tw_buckets do on a server that ends a connection after each answer?",
  tags: ["time-wait"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "a connection for each request, and tcp_max_tw_buckets lowered",
      setup: setup("time-wait-bucket-overflow/buggy", LIMIT),
      exact: [
        attemptsOk(load, exactly(ATTEMPTS)).because(
          "neither end notices that its connection has no TIME-WAIT",
        ),
        connections(load, exactly(ATTEMPTS)).because("the server ends each connection after one answer"),
        socketsAtEndOf("drain", atServer, exactly(LIMIT)).because(
          "those that exist stay for their 60 s, and the kernel gives no more records than the limit",
        ),
        counterMoved(
          { host: "server", ...overflow },
          between(ATTEMPTS - LIMIT - REPEATED, ATTEMPTS - LIMIT),
        ).because("each connection that gets no record is closed at once, and counted"),
        counterStill({ host: "client", ...overflow }).because(
          "the client closes second, and needs no TIME-WAIT",
        ),
      ],
    },
    fixed: {
      summary: "the server keeps connections; the limit is as low as before",
      setup: setup("time-wait-bucket-overflow/fixed", LIMIT),
      exact: [
        attemptsOk(load, exactly(ATTEMPTS)).because("the same requests are answered"),
        connections(load, exactly(1)).because("all requests of the client share one connection"),
        counterStill({ host: "server", ...overflow }).because("one connection needs one TIME-WAIT at most"),
      ],
    },
    "fixed-by-limit": {
      summary: "a connection for each request, and room for their TIME-WAIT",
      setup: setup("time-wait-bucket-overflow/buggy", ROOM),
      exact: [
        attemptsOk(load, exactly(ATTEMPTS)).because("the same requests are answered"),
        socketsAtEndOf("drain", atServer, atLeast(ATTEMPTS - REPEATED)).because(
          "each connection gets its TIME-WAIT",
        ),
        counterStill({ host: "server", ...overflow }).because("the limit is far away"),
      ],
    },
  },
  symptom: [
    counterMoved(overflow, atLeast(5)).because(
      "connections end without the TIME-WAIT that protects the next one on the same ports",
    ),
    {
      claim:
        "at least 90 % of tcp_max_tw_buckets are TIME-WAIT and FIN-WAIT-2 without a process, at the peak",
      because: "it is the limit that refuses them; without that, the counter moves when there is no memory",
      needs: ["sockets"],
      test: limitReached,
      metered: {
        condition: {
          of: "sockets",
          which: records,
          is: { atLeast: 0.9 },
          outOf: "TIME-WAIT limit",
          each: "namespace",
          stays: false,
        },
        test: limitReached,
      },
    },
  ],
  overlaps: {
    "time-wait-limit/above": "the same limit is reached there on purpose, at the listening end",
    "time-wait-limit/few-ports": "the same limit is reached there on purpose, at the connecting end",
    "time-wait-limit/held-by-fin-wait-2":
      "the same limit is reached there on purpose, by FIN-WAIT-2 without a process: the peers do not close",
    "time-wait-rate/capped": "the same limit is reached there on purpose, under a load of a constant rate",
  },
});
