import {
  atLeast,
  atMost,
  attempts,
  attemptsOk,
  between,
  callsEnded,
  exactly,
  fact,
  outcomeOf,
  peakOf,
  quantity,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  times,
  type Bound,
  type ExactExpectation,
  type HostName,
  type Recording,
  type Setup,
  type ShortProgram,
} from "../../harness/experiment.ts";

const HOARD = 97;
/** Other clients, which come when the hoarder has its connections. */
const CLIENTS = 23;
/** Descriptors of a server: fewer than the hoard; fewer still; and more than enough. */
const FEW = 71;
const VERY_FEW = 47;
const MANY = 997;
/** The client's ports are random, and a port that comes back ends its connection's TIME-WAIT at the server. */
const MOST_TAKEN_OVER = 7;
/** Node's own descriptors, and a few that a process can have inherited: no server here has more before its first connection. */
const MOST_OWN = 40;
/** The server of idle-connection-hoard/fixed-by-limit gives each address eleven. */
const MOST_EACH = 11;
/** Machines that each take as many connections as they get. */
const MACHINES = ["first", "second", "third", "fourth", "fifth", "sixth"];

interface Client {
  host: HostName;
  run: string;
  withinMs?: number;
}

interface Scene {
  server: ShortProgram;
  /** All other programs. */
  clients: Record<string, Client>;
}

function setup({ server, clients }: Scene): Setup {
  const peers = [...new Set(Object.values(clients).map(({ host }) => host))];
  return setupOf({
    sysctls: { "net.ipv4.tcp_fin_timeout": "2", "net.ipv4.tcp_tw_reuse": "0" },
    links: peers.map((host) => ({ kind: "direct", between: [host, "server"] })),
    servers: { server },
    clients,
    phases: {
      load: { exited: Object.keys(clients).filter((name) => !name.startsWith("hoarder")) },
      drain: { elapsedMs: 300 },
    },
    tcpInfo: true,
  });
}

const hoarder = (host: string, connections = HOARD, more = ""): Client => ({
  host,
  run: `idle-connection-hoard/hoarder --to {server}:8080 --connections ${connections} ${more}`,
  withinMs: 60_000,
});

/** Clients that send a line, read the answer, and close. They come `afterMs` after the hoarders. */
const clients = (host: string, count = CLIENTS, afterMs = 1500, more = ""): Client => ({
  host,
  run: `clients/short-tcp --to {server}:8080 --attempts ${count} --rate 50 --delay-ms ${afterMs} ${more}`,
});

/** The calls of a server that accepts until it cannot. */
const queued = times(HOARD, ["accept", "keep"]);

const served = (program: string, count: number, because: string): ExactExpectation =>
  attemptsOk({ program }, exactly(count)).because(because);

const established = { host: "server", state: "ESTABLISHED", side: "listener", port: 8080 } as const;

/** The server's sockets, in any state, for which it has no descriptor. */
const withoutDescriptor = (bound: Bound, because: string): ExactExpectation =>
  quantity(
    "connections at the server at once without a descriptor in any process",
    peakOf({ host: "server", side: "listener", port: 8080, owner: "none" }),
    bound,
  ).because(because);

const turnedAway = (because: string): ExactExpectation =>
  quantity(
    "attempts that were connected, and then had no answer",
    {
      needs: ["attempt"],
      of: (recording: Recording) =>
        attempts(recording, { program: "load" }).filter(
          (one) => one.connectMs !== null && outcomeOf(one) !== "ok",
        ).length,
    },
    exactly(CLIENTS),
  ).because(because);

export const experiment = fact({
  id: "connection-limits",
  title: "What limits a server's connections, and what gets past the limit",
  question:
    "Which connections does a limit of descriptors, of idle time, or of connections for each client not reach?",
  tags: ["descriptors", "limits", "keep-alive"],
  variants: {
    "many-descriptors": {
      summary: "the hoard of idle-connection-hoard, before a server that may have 997 descriptors",
      setup: setup({
        server: { run: "idle-connection-hoard/buggy --port 8080", nofile: MANY },
        clients: { hoarder: hoarder("hoarder"), load: clients("client") },
      }),
      exact: [
        served("load", CLIENTS, "there are descriptors left for them"),
        socketsAtEndOf("drain", { ...established, owner: "listener" }, exactly(HOARD)).because(
          "the hoarder has all that it asked for",
        ),
      ],
    },
    queued: {
      summary: "a server that gets EMFILE from accept() and leaves the rest in its queue",
      setup: setup({
        server: { run: ["clients/calls", "listen 8080 97", ...queued, "stay"], nofile: VERY_FEW },
        clients: { hoarder: hoarder("hoarder"), load: clients("client", 1, 1500, "--timeout-ms 500") },
      }),
      exact: [
        callsEnded({ program: "server", call: "accept" }, "EMFILE", atLeast(HOARD - VERY_FEW)).because(
          "accept() needs a descriptor, and there is none",
        ),
        socketsAtPeak(established, atLeast(HOARD)).because(
          "the kernel needs no descriptor for a handshake, and its queue has room",
        ),
        withoutDescriptor(
          atLeast(HOARD - VERY_FEW),
          "a connection that waits for accept() has a socket, and no descriptor",
        ),
      ],
    },
    short: {
      summary: "clients with a connection for each request, which the server closes",
      setup: setup({
        server: { run: "connection-limits/short --port 8080", nofile: VERY_FEW },
        clients: { load: clients("client", HOARD, 0, "--close server") },
      }),
      exact: [
        served("load", HOARD, "each connection is over before the descriptors are used up"),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "TIME-WAIT", port: 8080 },
          between(HOARD - MOST_TAKEN_OVER, HOARD),
        ).because("the server closes first"),
        socketsAtEndOf("drain", established, exactly(0)).because(
          "every connection is closed after its answer",
        ),
        withoutDescriptor(
          atLeast(HOARD - MOST_TAKEN_OVER),
          "TIME-WAIT has no descriptor: there can be more TIME-WAIT than descriptors",
        ),
      ],
    },
    "short-silent": {
      summary: "a server that closes when it has answered, and a client that connects and sends nothing",
      setup: setup({
        server: { run: "connection-limits/short --port 8080", nofile: FEW },
        clients: { hoarder: hoarder("hoarder", HOARD, "--silent"), load: clients("client", CLIENTS, 2500) },
      }),
      exact: [
        turnedAway("a server that closes after its answer waits for a request first, without a limit"),
        socketsAtEndOf("drain", { ...established, owner: "listener" }, between(FEW - MOST_OWN, FEW)).because(
          "nothing ends a connection on which no request ever came",
        ),
      ],
    },
    trickle: {
      summary: "an idle timeout of 1 s, and a client that sends a line every 100 ms on each connection",
      setup: setup({
        server: { run: "idle-connection-hoard/fixed --port 8080", nofile: FEW },
        clients: {
          hoarder: hoarder("hoarder", HOARD, "--every-ms 100"),
          load: clients("client", CLIENTS, 2500),
        },
      }),
      exact: [
        turnedAway("an idle timeout ends only idle connections, and these are not idle"),
        socketsAtEndOf("drain", { ...established, owner: "listener" }, between(FEW - MOST_OWN, FEW)).because(
          "each line restarts the timeout of 1 s",
        ),
      ],
    },
    "many-machines": {
      summary: "eleven connections for each address, and six addresses that take them",
      setup: setup({
        server: { run: "idle-connection-hoard/fixed-by-limit --port 8080", nofile: FEW },
        clients: {
          ...Object.fromEntries(MACHINES.map((host) => [`hoarder-${host}`, hoarder(host, MOST_EACH)])),
          load: clients("client", CLIENTS, 2500),
        },
      }),
      exact: [
        turnedAway("six times eleven are more than the server has"),
        socketsAtEndOf("drain", { ...established, owner: "listener" }, between(FEW - MOST_OWN, FEW)).because(
          "together they have all connections that the server can hold",
        ),
        ...MACHINES.map((host) =>
          socketsAtEndOf("drain", { host, state: "ESTABLISHED", port: 8080 }, atMost(MOST_EACH)).because(
            "each has kept to the limit",
          ),
        ),
      ],
    },
    "shared-address": {
      summary: "eleven connections for each address, and clients that share an address with a hoarder",
      setup: setup({
        server: { run: "idle-connection-hoard/fixed-by-limit --port 8080", nofile: FEW },
        clients: { hoarder: hoarder("hoarder"), load: clients("hoarder"), elsewhere: clients("client") },
      }),
      exact: [
        turnedAway("for the server they are one client, like all clients behind one router with NAT"),
        served("elsewhere", CLIENTS, "another address has eleven of its own"),
        socketsAtEndOf(
          "drain",
          { host: "hoarder", state: "ESTABLISHED", port: 8080 },
          exactly(MOST_EACH),
        ).because("the hoarder came first"),
      ],
    },
  },
});
