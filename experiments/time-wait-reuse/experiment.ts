import {
  ageAtReuse,
  atLeast,
  between,
  callsEnded,
  counterMoved,
  counterStill,
  exactly,
  fact,
  quantity,
  setupOf,
  times,
  type Bound,
  type ExactExpectation,
  type Setup,
  type Sysctls,
} from "../../harness/experiment.ts";

/** The ports that connect() can choose from: 40000 and 40001. */
const PORTS = 2;
/** How often the client then tries to use one of them again, for 2.1 s in all. */
const TRIES = 14;
const PAUSE_MS = 150;

/** Sysctls of one end: net.ipv4.tcp_tw_reuse (null leaves the kernel's default) and net.ipv4.tcp_timestamps. */
interface End {
  reuse: "0" | "1" | null;
  timestamps: "0" | "1";
}

const OFF: End = { reuse: "0", timestamps: "1" };
const ON: End = { reuse: "1", timestamps: "1" };
const DEFAULT: End = { reuse: null, timestamps: "1" };

function sysctls({ reuse, timestamps }: End): Sysctls {
  return {
    ...(reuse === null ? {} : { "net.ipv4.tcp_tw_reuse": reuse }),
    "net.ipv4.tcp_timestamps": timestamps,
    "net.ipv4.tcp_max_tw_buckets": "4096",
    "net.ipv4.ip_local_port_range": `40000 ${40_000 + PORTS - 1}`,
  };
}

const once = (to: string): string[] => [`connect ${to}`, "shutdown write", "recv end", "close"];
const again = (to: string): string[] => [...once(to), `wait ${PAUSE_MS}`];

/** Both ports go into TIME-WAIT; then the tries, one after another; and finally another destination. */
const unbound = [
  ...times(PORTS, once("{server}:8080")),
  ...times(TRIES, again("{server}:8080")),
  ...once("{server}:8081"),
];

/** The same port each time, with bind(). */
const byName = ["set SO_REUSEADDR 1", "bind 40001", ...once("{server}:8080"), "wait 50"];
const bound = times(3, byName);

/** The server closes first, and nothing is left at the client: it can use its two ports again at once. */
const asked = ["connect {server}:8080", "send 97", "recv end", "close", "wait 50"];
const served = times(3 * PORTS, asked);

interface Ends {
  client: End;
  /** null: both ends are on the host of the server, with the client's sysctls. */
  server: End | null;
  script: string[];
  program?: string;
}

function setup({ client, server, script, program = "short-against-long/tcp-server" }: Ends): Setup {
  const apart = server !== null;
  return setupOf({
    hosts: apart ? { client: sysctls(client), server: sysctls(server) } : { server: sysctls(client) },
    links: [apart ? { kind: "direct", between: ["client", "server"] } : { kind: "loopback", host: "server" }],
    servers: { server: `${program} --port 8080`, other: `${program} --port 8081` },
    clients: {
      client: { run: ["clients/calls", ...script], host: apart ? "client" : "server", withinMs: 30_000 },
    },
    phases: { load: { exited: ["client"] }, drain: { elapsedMs: 300 } },
    everyMs: { sockets: 200, counters: 300 },
  });
}

const age = (bounds: Bound, reason: string): ExactExpectation =>
  quantity("ms for which a TIME-WAIT had lasted when its port was used again", ageAtReuse(), bounds).because(
    reason,
  );

const connects = { program: "client", call: "connect" } as const;

/** What holds if no port in TIME-WAIT is used again within the tries. */
const refused = (because: string): ExactExpectation[] => [
  callsEnded(connects, "EADDRNOTAVAIL", exactly(TRIES)).because(because),
  callsEnded(connects, 0, exactly(PORTS + 1)).because(
    "two before, and one to another port of the server: TIME-WAIT blocks a pair of ends, not a port",
  ),
  counterStill({ counter: "TcpExtTWRecycled", host: "client" }).because("no TIME-WAIT was used again"),
];

/** What holds if a port in TIME-WAIT is used again. */
const reused = (host: string, because: string): ExactExpectation[] => [
  // Before Linux 6.14 the kernel counted whole seconds, so the wait can be shorter than 1 s.
  age(between(1, 2100), because),
  callsEnded(connects, "EADDRNOTAVAIL", atLeast(1)).because("no port is free before a second is over"),
  counterMoved({ counter: "TcpExtTWRecycled", host }, atLeast(PORTS)).because(
    "each connect() that takes a port out of TIME-WAIT is counted",
  ),
];

export const experiment = fact({
  id: "time-wait-reuse",
  title: "When a port in TIME-WAIT can be used again",
  question: "What does tcp_tw_reuse change, for whom, and what does it need?",
  tags: ["time-wait", "ports"],
  variants: {
    off: {
      summary: "tcp_tw_reuse = 0, between two hosts",
      setup: setup({ client: OFF, server: OFF, script: unbound }),
      exact: refused("without tcp_tw_reuse connect() does not use a pair in TIME-WAIT for all of its 60 s"),
    },
    on: {
      summary: "tcp_tw_reuse = 1, between two hosts",
      setup: setup({ client: ON, server: OFF, script: unbound }),
      exact: reused("client", "after a second the next timestamps are certainly greater"),
    },
    default: {
      summary: "tcp_tw_reuse at its default, between two hosts",
      setup: setup({ client: DEFAULT, server: DEFAULT, script: unbound }),
      exact: refused("the default is 2, loopback only: between hosts it is as if it were 0"),
    },
    "default-on-loopback": {
      summary: "tcp_tw_reuse at its default, both ends on one host",
      setup: setup({ client: DEFAULT, server: null, script: unbound }),
      exact: reused("server", "the default, 2, does for loopback what 1 does for all connections"),
    },
    "loopback-without-timestamps": {
      summary: "tcp_tw_reuse at its default, both ends on one host without timestamps",
      setup: setup({ client: { ...DEFAULT, timestamps: "0" }, server: null, script: unbound }),
      exact: refused("nothing would keep old segments out, over loopback as elsewhere"),
    },
    "client-without-timestamps": {
      summary: "tcp_tw_reuse = 1, and the client does not use timestamps",
      setup: setup({ client: { ...ON, timestamps: "0" }, server: OFF, script: unbound }),
      exact: refused("the TIME-WAIT has received no timestamp, so nothing would keep old segments out"),
    },
    "server-without-timestamps": {
      summary: "tcp_tw_reuse = 1, and the server does not use timestamps",
      setup: setup({ client: ON, server: { ...OFF, timestamps: "0" }, script: unbound }),
      exact: refused("both ends must offer timestamps, or the connection has none"),
    },
    "port-by-name": {
      summary: "tcp_tw_reuse = 0, and the client binds the same port each time",
      setup: setup({ client: OFF, server: OFF, script: bound }),
      exact: [
        callsEnded(connects, 0, exactly(3)).because(
          "a program that binds the port gets it, whatever tcp_tw_reuse is, if the connection had timestamps",
        ),
        age(between(1, 900), "it need not wait for a second"),
      ],
    },
    "server-closes-first-off": {
      summary: "tcp_tw_reuse = 0 at the server, which has the TIME-WAIT",
      setup: setup({ client: OFF, server: OFF, script: served, program: "linger-zero-reset/fixed" }),
      exact: [
        callsEnded(connects, 0, exactly(3 * PORTS)).because(
          "a SYN with a greater number or timestamp ends the TIME-WAIT of a listener's port",
        ),
        age(between(1, 900), "at once"),
        counterStill({ counter: "TcpExtTWRecycled", host: "server" }).because("that counts connect() only"),
      ],
    },
    "server-closes-first-on": {
      summary: "tcp_tw_reuse = 1 at the server, which has the TIME-WAIT",
      setup: setup({ client: OFF, server: ON, script: served, program: "linger-zero-reset/fixed" }),
      exact: [
        callsEnded(connects, 0, exactly(3 * PORTS)).because("as without it"),
        age(between(1, 900), "at once, as without it"),
        counterStill({ counter: "TcpExtTWRecycled", host: "server" }).because("that counts connect() only"),
      ],
    },
  },
});
