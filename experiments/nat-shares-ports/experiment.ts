import {
  atLeast,
  atMost,
  attempts,
  attemptsOk,
  between,
  callsEnded,
  counterDelta,
  countersOf,
  counterStill,
  exactly,
  fact,
  olderSyns,
  quantity,
  setupOf,
  socketsAtPeak,
  times,
  type ExactExpectation,
  type Recording,
  type Setup,
  type ShortLink,
  type ShortProgram,
  type ShortSetup,
  type Sysctls,
} from "../../harness/experiment.ts";

const ATTEMPTS = 199;
/** 40000 to 40045, where one address has 64,512 at most. */
const PORTS = 46;
/** Connections of each of two clients over a wire, and the ports that the router has for both. */
const EACH = 17;
const FEW_PORTS = 16;

const sysctls: Sysctls = {
  "net.ipv4.tcp_timestamps": "1",
  "net.ipv4.tcp_tw_reuse": "0",
  "net.ipv4.tcp_rfc1337": "0",
  "net.ipv4.ip_local_port_range": "32768 60999",
};
/** Sysctls of a client that has only this many ports. */
const few: Sysctls = { ...sysctls, "net.ipv4.ip_local_port_range": `40000 ${40_000 + PORTS - 1}` };
const router: Sysctls = { "net.ipv4.ip_forward": "1" };

/** All programs have this bound. */
const withinMs = 60_000;

/** The server closes first, and has the TIME-WAIT. */
const httpServer: ShortProgram = { run: "short-against-long/http-server --port 8080", withinMs };

const load = (to: string): ShortProgram => ({
  run: `clients/short-http --to ${to}:8080 --attempts ${ATTEMPTS} --rate 100 --concurrency 47 --close server --timeout-ms 30000`,
  withinMs,
});

const translator = (ports: number): ShortProgram => ({
  run: `nat-shares-ports/router --to {server} --port 8080 --ports 40000-${40_000 + ports - 1}`,
  host: "router",
  withinMs,
});

const accepts: ShortProgram = {
  run: ["clients/calls", "listen 8080 47", ...times(2 * EACH, ["accept", "close"]), "stay"],
  withinMs,
};

const calls = (host: string): ShortProgram => ({
  run: ["clients/calls", "--times", `${EACH}`, "connect {router}:8080", "recv end", "close", "wait 20"],
  host,
  withinMs,
});

const direct = (one: string, other: string): ShortLink => ({ kind: "direct", between: [one, other] });

function setup(short: Omit<ShortSetup, "phases">): Setup {
  return setupOf({
    ...short,
    phases: { load: { exited: Object.keys(short.clients ?? {}) }, drain: { elapsedMs: 300 } },
    everyMs: { sockets: 500, counters: 500 },
  });
}

const olderTaken = (because: string): ExactExpectation => ({
  claim: "a SYN with an older timestamp than the last one from the router is answered with a SYN-ACK",
  because,
  needs: ["packet"],
  test: (recording) => {
    const { sent, dropped } = olderSyns(recording);
    return { holds: sent === 0 ? null : dropped === 0, observed: `${sent - dropped} of ${sent} such SYNs` };
  },
});

/** How often the pairs of ends, all in TIME-WAIT, were used again. */
const usedAgain = (reason: string): ExactExpectation =>
  quantity(
    "connections for each port",
    {
      needs: ["attempt"],
      of: (recording: Recording) =>
        attempts(recording).filter(({ outcome }) => outcome === "ok").length / PORTS,
    },
    atLeast(4),
  ).because(reason);

/** Segments, here SYNs, with a timestamp too old for a TIME-WAIT of the server; the counter's name depends on the kernel. */
const rejected = countersOf("server", ["TcpExtPAWSTimewait", "TcpExtPAWSEstab"]);

function repeatedSyns(recording: Recording): number | null {
  const repeated = counterDelta(recording, { host: "client", counter: "TcpExtTCPSynRetrans" });
  const older = rejected.of(recording);
  return repeated === null || older === null ? null : repeated - older;
}

const repeatedForNothing = (reason: string): ExactExpectation =>
  quantity(
    "SYNs that were repeated though no earlier one was too old",
    { needs: ["counters"], of: repeatedSyns },
    between(-3, 3),
  ).because(reason);

const worker = { program: "client" };
const all = attemptsOk(worker, exactly(ATTEMPTS)).because(
  "a SYN for a pair in TIME-WAIT is not refused: it begins a new connection, or ends the TIME-WAIT",
);
const atServer = socketsAtPeak(
  { host: "server", state: "TIME-WAIT", side: "listener", port: 8080 },
  atMost(PORTS),
).because("there are as many pairs as ports, and each pair has at most one TIME-WAIT");

export const experiment = fact({
  id: "nat-shares-ports",
  title: "Many connections from behind one address, and TIME-WAIT at the server",
  question: "How many connections will a server take from one address whose ports are all in TIME-WAIT?",
  tags: ["time-wait", "nat", "ports"],
  variants: {
    "no-router": {
      summary: "one client with 46 ports, and nothing between it and the server",
      setup: setup({
        hosts: { client: few, server: sysctls },
        servers: { server: httpServer },
        clients: { client: load("{server}") },
      }),
      exact: [
        all,
        usedAgain("each port was used four times within seconds"),
        atServer,
        counterStill({ counter: "TcpExtTCPSynRetrans", host: "client" }).because(
          "all connections between two ends use one clock: each SYN is newer than the last segment of the TIME-WAIT",
        ),
      ],
    },
    router: {
      summary: "one client with enough ports, behind a router with 46",
      setup: setup({
        hosts: { client: sysctls, router, server: sysctls },
        links: [direct("client", "router"), direct("router", "server")],
        servers: { server: httpServer, router: translator(PORTS) },
        clients: { client: load("{router}") },
      }),
      exact: [
        all,
        usedAgain("each port was used four times within seconds"),
        atServer,
        repeatedForNothing(
          "a SYN that is older than the last segment of the TIME-WAIT only ends it: the next SYN begins the connection",
        ),
      ],
    },
    "two-clients": {
      summary: "two clients behind a router with 16 ports, segment by segment",
      setup: setup({
        hosts: { client: sysctls, other: sysctls, router, server: sysctls },
        links: [
          direct("client", "router"),
          direct("other", "router"),
          { kind: "wire", between: ["router", "server"], seed: 1 },
        ],
        servers: { server: accepts, router: translator(FEW_PORTS) },
        clients: { client: calls("client"), other: calls("other") },
      }),
      exact: [
        callsEnded({ call: "connect" }, 0, exactly(2 * EACH)).because(
          "both clients get all of their connections",
        ),
        olderTaken("timestamps are compared within a pair of ends, not for a whole address"),
        quantity("SYNs that are older than the last segment of a TIME-WAIT", rejected, atLeast(1)).because(
          "they are compared within a pair, and each client's clock began at a different time",
        ),
      ],
    },
  },
});
