import {
  atLeast,
  atMost,
  callsEnded,
  counterDelta,
  counterMoved,
  exactly,
  fact,
  hosts,
  mark,
  quantity,
  segmentsRepeated,
  setupOf,
  synAckTakes,
  timeBetween,
  times,
  type Bound,
  type ExactExpectation,
  type HostName,
  type PeerPlan,
  type Recording,
  type Setup,
  type ShortPhase,
  type ShortProgram,
  type ShortSetup,
  type WireRule,
} from "../../harness/experiment.ts";

const ONE_WAY_MS = 30;
const ASKED = 97;
const ANSWERED = 47;
/** When the script sends its data again. */
const LATER_MS = 400;

/** Hosts and what each has in net.ipv4.tcp_fastopen. */
type Switches = Record<HostName, number>;
/** 1: as a client; 2: as a server; 0x200: accept data without a cookie; 0x400: every listener, whatever its program asked for. */
const CLIENTS: Switches = { off: 0, client: 1, serving: 2, both: 3 };

const SERVED = ["accept", `recv ${ASKED}`, `send ${ANSWERED}`, "close"];

const withinMs = 15_000;

function server(host: HostName, connections: number, first: string[]): ShortProgram {
  const served = times(connections, SERVED);
  return { run: ["clients/calls", ...first, "listen 8080 16", ...served, "stay"], host, withinMs };
}

const ALLOWED = ["set TCP_FASTOPEN 16"];

/** A client that asks each of these hosts twice. */
function client(host: HostName, servers: HostName[]): ShortProgram {
  const ask = (to: HostName): string[] => [`sendto {${to}}:8080 ${ASKED}`, `recv ${ANSWERED}`, "close"];
  return { run: ["clients/calls", ...servers.flatMap((to) => [...ask(to), ...ask(to)])], host, withinMs };
}

function setup(switches: Switches, load: ShortPhase, rest: Omit<ShortSetup, "phases">): Setup {
  const hosts = Object.entries(switches).map(
    ([host, value]) => [host, { "net.ipv4.tcp_fastopen": String(value) }] as const,
  );
  return setupOf({
    sysctls: {
      "net.ipv4.tcp_fastopen_blackhole_timeout_sec": "0",
      "net.ipv4.tcp_syn_linear_timeouts": "0",
    },
    hosts: Object.fromEntries(hosts),
    phases: { load, drain: { elapsedMs: 300 } },
    everyMs: { sockets: 100, counters: 500 },
    ...rest,
  });
}

/** One client host for each value, and a server that may do everything. */
function asClient(): Setup {
  const names = Object.keys(CLIENTS);
  return setup(
    { ...CLIENTS, server: 3 },
    { exited: names },
    {
      links: names.map((name) => ({ kind: "direct", between: [name, "server"] })),
      servers: { server: server("server", 2 * names.length, ALLOWED) },
      clients: Object.fromEntries(names.map((name) => [name, client(name, ["server"])])),
    },
  );
}

/** One server host for each value, and a client that may do everything. */
function asServer(): Setup {
  const values: Switches = { off: 0, calling: 1, server: 2, both: 3, silent: 3, every: 0x403 };
  const names = Object.keys(values);
  // The programs on these two do not ask for it.
  const asks = (name: HostName): string[] => (name === "silent" || name === "every" ? [] : ALLOWED);
  return setup(
    { client: 3, ...values },
    { exited: ["load"] },
    {
      links: names.map((name) => ({ kind: "direct", between: ["client", name] })),
      servers: Object.fromEntries(names.map((name) => [name, server(name, 2, asks(name))])),
      clients: { load: client("client", names) },
    },
  );
}

/** A client without a kernel that sends an invented cookie with data, and sends the data again later. */
function forged(value: number): Setup {
  const peer: PeerPlan = {
    host: "client",
    port: 40_001,
    to: 8080,
    connections: 1,
    steps: [
      { after: "ready" },
      {
        send: {
          flags: ["SYN"],
          windowBytes: 10_000,
          payloadBytes: ASKED,
          options: { mssBytes: 1460, fastOpenCookie: "0011223344556677" },
        },
      },
      { await: { flags: ["SYN", "ACK"] }, withinMs: 5000 },
      { waitMs: LATER_MS },
      { send: { flags: ["PSH", "ACK"], sequence: 1, payloadBytes: ASKED, windowBytes: 10_000 } },
      { answer: { windowBytes: 10_000 } },
      { await: { flags: ["FIN"] }, withinMs: 5000 },
    ],
  };
  return setup(
    { client: 3, server: value },
    // The server closes when it has answered; its FIN is acknowledged, and not returned.
    { until: { sockets: { host: "server", state: "FIN-WAIT-2" }, atLeast: 1 }, withinMs },
    {
      links: [{ kind: "wire", delayMs: ONE_WAY_MS, peer }],
      servers: { server: server("server", 1, ALLOWED) },
      interventions: [mark("ready", { elapsedMs: 0 })],
    },
  );
}

function dropped(): Setup {
  const rule: WireRule = {
    name: "SYN with data",
    match: { from: "client", flags: ["SYN"], payload: "some" },
    do: { drop: true },
  };
  return setup(
    { client: 3, server: 3 },
    { exited: ["client"] },
    {
      links: [{ kind: "wire", delayMs: ONE_WAY_MS, rules: [rule] }],
      servers: { server: server("server", 2, ALLOWED) },
      clients: { client: client("client", ["server"]) },
    },
  );
}

/** The hosts on which a counter of acknowledged, or accepted, data in SYNs has moved. */
function savedOn(recording: Recording, counter: string): string {
  return hosts(recording)
    .filter((host) => (counterDelta(recording, { host, counter }) ?? 0) > 0)
    .join(", ");
}

function saved(counter: string, wanted: string, because: string): ExactExpectation {
  return {
    claim: `${counter} moves on ${wanted}, and nowhere else`,
    because,
    needs: ["counters"],
    test: (recording) => {
      const found = savedOn(recording, counter);
      return { holds: found === wanted, observed: `on ${found || "none"}` };
    },
  };
}

/** From the beginning of the second connection to its answer. */
const secondMs = timeBetween(
  { call: { program: "client", call: "sendto" }, is: "begun", nth: 1 },
  { call: { program: "client", call: "recv" }, is: "returned", nth: 1 },
);

/** How many of the bytes in the first SYN its SYN-ACK acknowledges. */
const acknowledged = (bytes: number, because: string): ExactExpectation =>
  quantity("bytes that the SYN-ACK acknowledges beyond the SYN", synAckTakes(1), exactly(bytes)).because(
    because,
  );

const readAfter = (bound: Bound, because: string): ExactExpectation =>
  quantity(
    "ms from the SYN to the server's reading",
    timeBetween(
      { segment: { flags: ["SYN"] }, is: "sent" },
      { call: { program: "server", call: "recv" }, is: "returned" },
    ),
    bound,
  ).because(because);

const refused = (program: string): ExactExpectation =>
  callsEnded({ program, call: "sendto" }, "ENOTSUP", exactly(2)).because(
    "MSG_FASTOPEN is for hosts whose net.ipv4.tcp_fastopen has 1",
  );

export const experiment = fact({
  id: "fast-open-switches",
  title: "Who may use TCP Fast Open, and when it saves nothing",
  question: "What do the values of net.ipv4.tcp_fastopen switch on, and what else does it take?",
  tags: ["handshake", "fast-open", "wire"],
  variants: {
    "as-client": {
      summary: "clients with the values 0, 1, 2 and 3 connect twice each to a server with every permission",
      setup: asClient(),
      exact: [
        saved("TcpExtTCPFastOpenActive", "client, both", "1 is in 1 and in 3"),
        refused("off"),
        refused("serving"),
        callsEnded({ program: "client", call: "recv" }, ANSWERED, exactly(2)).because("both are answered"),
      ],
    },
    "as-server": {
      summary:
        "servers with 0, 1, 2 and 3; with 3 and a program that does not ask for it; with 0x403 and such a program",
      setup: asServer(),
      exact: [
        saved(
          "TcpExtTCPFastOpenPassive",
          "server, both, every",
          "2 is in 2 and in 3, and the program has to set TCP_FASTOPEN; 0x400 does it for every program",
        ),
        callsEnded({ program: "load", call: "recv" }, ANSWERED, exactly(12)).because(
          "data that is not accepted with the SYN is sent again",
        ),
      ],
    },
    forged: {
      summary: "a SYN with data and an invented cookie",
      setup: forged(3),
      exact: [
        acknowledged(0, "the cookie is checked and is wrong, so the data is dropped"),
        readAfter(atLeast(LATER_MS), "the program gets the data when it is sent after the handshake"),
        counterMoved({ host: "server", counter: "TcpExtTCPFastOpenPassiveFail" }, exactly(1)).because(
          "a cookie was wrong",
        ),
      ],
    },
    unchecked: {
      summary: "a SYN with data and an invented cookie, and a server whose tcp_fastopen has 0x200",
      setup: forged(0x203),
      exact: [
        acknowledged(ASKED, "0x200 accepts data in a SYN without a cookie, or with any cookie"),
        readAfter(atMost(LATER_MS - 1), "the program has it before the handshake is over"),
        callsEnded({ program: "server", call: "recv" }, ASKED, exactly(1)).because(
          "the program gets the data once",
        ),
      ],
    },
    "syn-dropped": {
      summary: "a box on the path drops SYNs that carry data",
      setup: dropped(),
      exact: [
        quantity("ms from the second connection's beginning to its answer", secondMs, atLeast(1000)).because(
          "the SYN is repeated after 1 s, without data",
        ),
        segmentsRepeated({ connection: 2, from: "client", flags: ["SYN"] }, exactly(1)).because(
          "the repeated SYN is an ordinary one",
        ),
        callsEnded({ program: "client", call: "recv" }, ANSWERED, exactly(2)).because(
          "it costs time, and no data",
        ),
      ],
    },
  },
});
