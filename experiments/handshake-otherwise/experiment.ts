import {
  atBothEnds,
  atMost,
  between,
  callsEnded,
  exactly,
  fact,
  mark,
  medianAnswer,
  neverSeen,
  quantity,
  segmentsSeen,
  setupOf,
  socketsStay,
  statesPassed,
  timeBetween,
  times,
  type Condition,
  type PeerPlan,
  type PeerStep,
  type Setup,
  type TcpState,
  type WireRule,
} from "../../harness/experiment.ts";

/** Connections of the variant in which nothing is slow, one after another. */
const QUICK = 23;
/** Much longer than a state that passes at once lasts on a short wire. */
const PASSING_MS = 10;
/** How long a client sends nothing to a server that waits for data. */
const SILENT_MS = 600;
/** A timer of a second is late by a tick or two, and by more on a busy machine. */
const LATE_MS = 600;

interface Plan {
  /** One way. */
  delayMs?: number;
  rules?: WireRule[];
  peer?: PeerPlan;
  server?: string[];
  client?: string[];
  load?: Condition;
  marks?: Record<string, Condition>;
  /** Neither end listens: the server's program connects to the client, and so starts as a client does. */
  crossing?: boolean;
  everyMs?: number;
}

function setup({ delayMs = 0, rules = [], peer, server, client, ...rest }: Plan): Setup {
  const { load = { exited: ["client"] }, marks = {}, crossing = false, everyMs = 20 } = rest;
  const atServer = server && {
    server: { run: ["clients/calls", ...server], host: "server", withinMs: 15_000 },
  };
  return setupOf({
    hosts: {
      client: {
        "net.ipv4.tcp_syn_retries": "1",
        "net.ipv4.tcp_syn_linear_timeouts": "0",
        "net.ipv4.tcp_tw_reuse": "0",
        "net.ipv4.tcp_fastopen": "1",
      },
      server: { "net.ipv4.tcp_synack_retries": "1", "net.ipv4.tcp_syncookies": "1" },
    },
    links: [{ kind: "wire", delayMs, rules, ...(peer && { peer }) }],
    servers: { ...(!crossing && atServer) },
    clients: {
      ...(crossing && atServer),
      ...(client && { client: { run: ["clients/calls", ...client], withinMs: 15_000 } }),
    },
    phases: { load: { until: load, withinMs: 15_000 }, drain: { elapsedMs: 300 } },
    interventions: Object.entries(marks).map(([name, when]) => mark(name, when)),
    everyMs: { sockets: everyMs, listeners: 500, counters: 500 },
  });
}

/** What a server does with each of many connections. */
const ANSWERS = ["accept", "recv 97", "send 47", "recv end", "close"];

const WAYS_CROSS = "both have called";
const bothIn = (state: TcpState): Condition => atBothEnds({ state }, { atLeast: 1 });

/** A server that treats the connection as established when its SYN-ACK has left, and sends data; the SYN-ACK is lost. */
function twoWayServer(afterwards: PeerStep[]): Pick<Plan, "peer" | "rules"> {
  return {
    rules: [
      {
        name: "first SYN-ACK",
        match: { from: "server", flags: ["SYN", "ACK"], nth: { from: 1, to: 1 } },
        do: { drop: true },
      },
    ],
    peer: {
      host: "server",
      port: 8080,
      connections: 1,
      steps: [
        { await: { flags: ["SYN"] }, withinMs: 10_000 },
        { send: { flags: ["SYN", "ACK"], windowBytes: 10_000, options: { mssBytes: 1460 } } },
        ...afterwards,
      ],
    },
  };
}

/** The server's first 97 bytes, repeated or not. */
const DATA: PeerStep = {
  send: { flags: ["PSH", "ACK"], sequence: 1, windowBytes: 10_000, payloadBytes: 97 },
};

const inSynReceived = medianAnswer({ flags: ["SYN", "ACK"] }, { from: "client" });
const inFinWait1 = medianAnswer({ from: "client", flags: ["FIN"] }, { from: "server", flags: ["ACK"] });

/** From the first SYN to the first SYN-ACK that was not lost. */
const answeredMs = timeBetween(
  { segment: { from: "client", flags: ["SYN"] }, is: "sent" },
  { segment: { from: "server", flags: ["SYN", "ACK"], fate: "passed" }, is: "sent" },
);

const crossed = (host: "client" | "server") =>
  statesPassed({ host }, ["SYN-SENT", "SYN-RECEIVED", "ESTABLISHED"]).because(
    "a SYN in SYN-SENT acknowledges nothing: the end answers it and waits for an answer to its own (RFC 9293 section 3.5)",
  );

const gaveUp = [
  statesPassed({ host: "client" }, ["SYN-SENT", "CLOSED"]).because(
    "no answer comes, so no other state follows",
  ),
  callsEnded({ program: "client", call: "connect" }, "ETIMEDOUT", exactly(1)).because(
    "the wait after the last SYN is over, and the timer ends it without an answer",
  ),
];

export const experiment = fact({
  id: "handshake-otherwise",
  title: "SYN-SENT and SYN-RECEIVED in handshakes that do not go as usual",
  question: "How long do the states of a handshake last, and what can keep an end in one?",
  tags: ["handshake", "states", "wire"],
  variants: {
    quick: {
      summary: `${QUICK} connections over a wire without delay, closed by the client, and by the server at end-of-file`,
      setup: setup({
        server: ["listen 8080 64", ...times(QUICK, ANSWERS), "stay"],
        client: [
          "--times",
          String(QUICK),
          "connect {server}:8080",
          "send 97",
          "recv 47",
          "wait 30",
          "close",
          "wait 10",
        ],
        everyMs: 10,
      }),
      exact: [
        quantity("ms in SYN-RECEIVED, in the median", inSynReceived, atMost(PASSING_MS)).because(
          "the client's kernel answers the SYN-ACK by itself",
        ),
        quantity("ms in FIN-WAIT-1, in the median", inFinWait1, atMost(PASSING_MS)).because(
          "the server's program closes at end-of-file, and its FIN acknowledges the client's",
        ),
        callsEnded({ program: "client", call: "connect" }, 0, exactly(QUICK)).because(
          "nothing is in the way",
        ),
      ],
    },
    withheld: {
      summary: "a client that never sends the third segment",
      setup: setup({
        server: ["listen 8080 4", "accept", "stay"],
        peer: {
          host: "client",
          port: 40_001,
          to: 8080,
          connections: 1,
          steps: [
            { after: "ready" },
            { send: { flags: ["SYN"], windowBytes: 10_000, options: { mssBytes: 1460 } } },
            { await: { flags: ["SYN", "ACK"] }, withinMs: 5000 },
          ],
        },
        // 1 s until the SYN-ACK is sent again, and 2 s until it is given up.
        load: {
          all: [
            { elapsedMs: 2000 },
            { sockets: { host: "server", state: "SYN-RECEIVED", port: 8080 }, atMost: 0 },
          ],
        },
        marks: { ready: { elapsedMs: 0 } },
        everyMs: 50,
      }),
      exact: [
        socketsStay({ host: "server", state: "SYN-RECEIVED", port: 8080 }, exactly(1), {
          forMs: 2500,
        }).because("it lasts until the last SYN-ACK times out: 1 s for the first, 2 s for the last"),
        neverSeen({ host: "server", state: "ESTABLISHED" }).because("only the third segment leads there"),
      ],
    },
    deferred: {
      summary: "the server has TCP_DEFER_ACCEPT, and the client sends nothing at first",
      setup: setup({
        server: ["set TCP_DEFER_ACCEPT 3", "listen 8080 4", "accept", "recv 97", "wait 200", "close", "stay"],
        client: ["connect {server}:8080", `wait ${SILENT_MS}`, "send 97", "recv end", "close"],
      }),
      exact: [
        socketsStay({ host: "server", state: "SYN-RECEIVED", port: 8080 }, exactly(1), {
          forMs: SILENT_MS - 100,
        }).because("a third segment without data is dropped: there is nothing for the program to read yet"),
        callsEnded({ program: "client", call: "connect" }, 0, exactly(1)).because(
          "the client does not notice: its SYN-ACK has come",
        ),
        callsEnded({ program: "server", call: "recv" }, 97, exactly(1)).because(
          "the data segment carries the acknowledgement too, and completes the handshake",
        ),
      ],
    },
    "crossing-syns": {
      summary: "both ends call each other, and the two SYNs meet on the wire",
      setup: setup({
        delayMs: 50,
        crossing: true,
        rules: (["client", "server"] as const).map((from) => ({
          name: `SYN of ${from}`,
          match: { from, flags: ["SYN"], without: ["ACK"], nth: { from: 1, to: 1 } },
          do: { holdUntil: WAYS_CROSS },
        })),
        server: ["bind 8080", "connect {client}:40001", "recv end"],
        client: ["bind 40001", "connect {server}:8080", "recv end"],
        load: bothIn("ESTABLISHED"),
        marks: { [WAYS_CROSS]: bothIn("SYN-SENT") },
      }),
      exact: [
        crossed("client"),
        crossed("server"),
        ...(["client", "server"] as const).map((program) =>
          callsEnded({ program, call: "connect" }, 0, exactly(1)).because(
            "one connection, and neither end listened",
          ),
        ),
      ],
    },
    "no-neighbour": {
      summary: "connect() to an address of the link where no host is",
      setup: setup({
        server: ["listen 8080 4", "accept", "recv end", "close", "stay"],
        // The first connection shows that segments on this wire are recorded.
        client: ["connect {server}:8080", "close", "set TCP_SYNCNT 3", "connect 192.0.2.50:8080", "close"],
      }),
      exact: [
        socketsStay({ host: "client", state: "SYN-SENT" }, exactly(1), { forMs: 1500 }).because(
          "the state begins with connect(), not when the SYN leaves",
        ),
        segmentsSeen({ connection: 2 }, exactly(0)).because("the link address is unknown: ARP is unanswered"),
        callsEnded({ program: "client", call: "connect" }, "EHOSTUNREACH", exactly(1)).because(
          "ARP asks three times, a second apart, and then the SYN is discarded",
        ),
      ],
    },
    "two-way-deaf": {
      summary:
        "a server that treats its SYN-ACK as the end of the handshake and ignores repeated SYNs; the SYN-ACK is lost",
      setup: setup({
        ...twoWayServer([DATA, { waitMs: 400 }, DATA, { waitMs: 800 }, DATA]),
        client: ["connect {server}:8080", "close"],
      }),
      exact: [
        ...gaveUp,
        segmentsSeen({ from: "server", payload: "some", fate: "passed" }, exactly(3)).because(
          "for the server the connection is established, and it repeats unacknowledged data",
        ),
        segmentsSeen({ from: "client", without: ["SYN"] }, exactly(0)).because(
          "in SYN-SENT a segment without SYN is dropped silently",
        ),
      ],
    },
    "two-way-again": {
      summary: "the SYN-ACK is lost, and the server answers the repeated SYN",
      setup: setup({
        ...twoWayServer([
          DATA,
          { await: { flags: ["SYN"] }, withinMs: 5000 },
          { send: { flags: ["SYN", "ACK"], sequence: 0, windowBytes: 10_000, options: { mssBytes: 1460 } } },
          DATA,
        ]),
        client: ["connect {server}:8080", "recv 97", "close"],
      }),
      exact: [
        callsEnded({ program: "client", call: "connect" }, 0, exactly(1)).because(
          "the client repeats its SYN after 1 s, and any answer to it ends the wait",
        ),
        callsEnded({ program: "client", call: "recv" }, 97, exactly(1)).because("the connection is whole"),
        quantity(
          "ms from the first SYN to the passing SYN-ACK",
          answeredMs,
          between(900, 1000 + LATE_MS),
        ).because("the first timeout is 1 s (RFC 6298 section 2)"),
      ],
    },
  },
});
