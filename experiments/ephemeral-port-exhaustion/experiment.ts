import {
  atLeast,
  attemptsOk,
  connections,
  counterMoved,
  exactly,
  failureMode,
  localPorts,
  outcomes,
  samplesOf,
  setupOf,
  socketSeries,
  socketsAtEndOf,
  socketsAtPeak,
  sysctl,
  type Answer,
  type Evidence,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const ATTEMPTS = 97;
/**
 * 40000 to 40045: 46 ports, where a default range has 28,232. An even number: connect() walks the ports in pairs, and may
 * leave out one port of an odd range (net/ipv4/inet_hashtables.c, __inet_hash_connect).
 */
const PORTS = 46;

/** `reuse` is the client's net.ipv4.tcp_tw_reuse: 0 reuses no port, 1 reuses ports in TIME-WAIT for longer than a second. */
function setup(program: string, reuse: "0" | "1"): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_timestamps": "1" },
    hosts: {
      client: { "net.ipv4.ip_local_port_range": "40000 40045", "net.ipv4.tcp_tw_reuse": reuse },
      server: { "net.ipv4.tcp_tw_reuse": "0" },
    },
    servers: { server: "ephemeral-port-exhaustion/server --port 8080" },
    clients: {
      worker: {
        // 20 a second: the first port is one second old, and so can be reused, before all 46 are taken, even if the kernel counts whole
        // seconds.
        run: `${program} --to {server}:8080 --attempts ${ATTEMPTS} --rate 20`,
        withinMs: 30_000,
      },
    },
    phases: { load: { exited: ["worker"] }, drain: { elapsedMs: 500 } },
    everyMs: { sockets: 100, listeners: 500, counters: 500, processes: 500 },
  });
}

const worker = { program: "worker" };
const timeWait = { state: "TIME-WAIT", side: "connector", port: 8080 } as const;

/** Whether nearly all ports of the range are in TIME-WAIT at the connecting end, toward one port: other destinations have ports of their own. */
function mostPortsWait(evidence: Evidence): Answer {
  const ports = localPorts(evidence);
  const groups = samplesOf(evidence, "sockets").flatMap((sample) => sample.groups);
  const toward = new Set(
    groups.filter(({ state, side }) => state === "TIME-WAIT" && side === "connector").map(({ port }) => port),
  );
  const most = [...toward]
    .map((port) => {
      const { peak } = socketSeries(evidence, { state: "TIME-WAIT", side: "connector", port });
      return { port, count: peak?.value ?? 0 };
    })
    .reduce((fullest, one) => (one.count > fullest.count ? one : fullest), { port: 0, count: 0 });
  if (ports === null || socketSeries(evidence, {}).isEmpty)
    return { holds: null, observed: "the range of ports was not read" };
  const to = most.count === 0 ? "" : ` toward port ${most.port}`;
  return {
    holds: most.count >= 0.9 * ports,
    observed: `${most.count} of ${ports} ports were in TIME-WAIT at once${to}`,
  };
}

export const experiment = failureMode({
  id: "ephemeral-port-exhaustion",
  title: "connect() fails with EADDRNOTAVAIL: every port waits in TIME-WAIT",
  question: "How many connections to one destination can a client make in a minute?",
  tags: ["tour", "time-wait", "ports"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "a worker that opens a connection for each job, and closes it first",
      setup: setup("ephemeral-port-exhaustion/buggy", "0"),
      exact: [
        attemptsOk(worker, exactly(PORTS)).because("each connection takes a port, and there are 46"),
        outcomes(worker, "connect EADDRNOTAVAIL", exactly(ATTEMPTS - PORTS)).because(
          "a port in TIME-WAIT is not used again for the same destination for 60 s",
        ),
        socketsAtEndOf("drain", { host: "client", ...timeWait }, exactly(PORTS)).because(
          "the client closes first and keeps TIME-WAIT",
        ),
        socketsAtPeak({ host: "server", state: "TIME-WAIT" }, exactly(0)).because(
          "the server closed second, so it keeps nothing; the failed calls send it nothing",
        ),
        counterMoved({ counter: "TcpActiveOpens", host: "client" }, exactly(PORTS)).because(
          "connect() fails before a SYN is made: no packet leaves",
        ),
      ],
    },
    fixed: {
      summary: "one connection for all jobs",
      setup: setup("ephemeral-port-exhaustion/fixed", "0"),
      exact: [
        attemptsOk(worker, exactly(ATTEMPTS)).because("a connection that stays open takes one port"),
        connections(worker, exactly(1)).because("every job went over the same one"),
        counterMoved({ counter: "TcpActiveOpens", host: "client" }, exactly(1)).because(
          "one handshake for all jobs",
        ),
      ],
    },
    "fixed-by-reuse": {
      summary: "the buggy worker with tcp_tw_reuse = 1",
      setup: setup("ephemeral-port-exhaustion/buggy", "1"),
      exact: [
        attemptsOk(worker, exactly(ATTEMPTS)).because(
          "with timestamps on, connect() can take a port whose TIME-WAIT is older than a second",
        ),
        connections(worker, exactly(ATTEMPTS)).because("there are as many connections as before"),
        counterMoved({ counter: "TcpExtTWRecycled", host: "client" }, atLeast(ATTEMPTS - PORTS)).because(
          "each connection beyond the 46th took a port out of TIME-WAIT",
        ),
      ],
    },
  },
  symptom: [
    {
      claim: "at least 90 % of the ephemeral ports are in TIME-WAIT toward one port, at the connecting end",
      because: "when all ports of the range wait, connect() to that destination has none left",
      needs: ["sockets"],
      test: mostPortsWait,
      metered: {
        condition: {
          of: "sockets",
          which: { state: "TIME-WAIT", side: "connector" },
          is: { atLeast: 0.9 },
          outOf: "local ports",
          each: "port",
          stays: false,
        },
        test: mostPortsWait,
      },
    },
    {
      claim: "net.ipv4.tcp_tw_reuse is not 1",
      because: "with 1, connect() takes a port out of TIME-WAIT after a second, and nothing fails",
      needs: [],
      test: reuseForbidden,
      metered: {
        condition: { of: "sysctl", sysctl: "net.ipv4.tcp_tw_reuse", isNot: 1 },
        test: reuseForbidden,
      },
    },
  ],
  overlaps: {
    "time-wait-reuse/off":
      "the same happens there on purpose, with two ports: the client makes only one connection for each port, and then uses another destination",
    "time-wait-reuse/default":
      "the same happens there on purpose, with two ports: between two hosts 2 has the same effect as 0",
    "time-wait-reuse/loopback-without-timestamps":
      "the same happens there on purpose, with two ports: 2 has no effect without timestamps",
    "time-wait-reuse/default-on-loopback":
      "there it lasts only a second: both ends are on that host, and TcpExtTWRecycled moves",
  },
});

function reuseForbidden(evidence: Evidence): Answer {
  const value = sysctl(evidence, "net.ipv4.tcp_tw_reuse");
  return value === null
    ? { holds: null, observed: "net.ipv4.tcp_tw_reuse was not read" }
    : { holds: value !== "1", observed: `net.ipv4.tcp_tw_reuse is ${value}` };
}
