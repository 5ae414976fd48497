import {
  atLeast,
  callsEnded,
  counterMoved,
  counterStill,
  exactly,
  fact,
  neverSeen,
  segmentAfterRepeatedFin,
  segmentsRepeated,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  type ExactExpectation,
  type Setup,
  type ShortLink,
} from "../../harness/experiment.ts";

const LAST_ACK = "lose-last-ack";
/** One way. The server repeats its FIN a little more than 300 ms after it sent it: long enough for looks at LAST-ACK. */
const DELAY_MS = 50;

const ONCE = [
  "set SO_REUSEADDR 1",
  "bind 40001",
  "connect {server}:8080",
  "shutdown write",
  "recv end",
  "close",
];

const wire: ShortLink = {
  kind: "wire",
  delayMs: DELAY_MS,
  rules: [
    {
      name: LAST_ACK,
      // Of the segments that are only acknowledgements, the first ends the handshake, and the second the connection.
      match: {
        from: "client",
        connection: 1,
        flags: ["ACK"],
        without: ["SYN", "FIN", "RST", "PSH"],
        payload: "none",
        nth: { from: 2, to: 2 },
      },
      do: { drop: true },
    },
  ],
};

/** What the server does when the client has closed its direction: it closes, or it ends its own direction and keeps the descriptor. */
const CLOSES = ["accept", "recv end", "close"];
const KEEPS = ["accept", "recv end", "shutdown write", "wait 1200", "send 1", "close"];

function setup(timeWaitBuckets: number, connections: number, serves = [...CLOSES, ...CLOSES]): Setup {
  return setupOf({
    hosts: {
      client: {
        "net.ipv4.tcp_max_tw_buckets": String(timeWaitBuckets),
        "net.ipv4.tcp_timestamps": "1",
        "net.ipv4.tcp_tw_reuse": "0",
      },
      server: { "net.ipv4.tcp_timestamps": "1", "net.ipv4.tcp_orphan_retries": "0" },
    },
    links: [wire],
    servers: { server: ["clients/calls", "listen 8080 4", ...serves, "stay"] },
    clients: {
      client: { run: ["clients/calls", "--times", String(connections), ...ONCE], withinMs: 10_000 },
    },
    phases: {
      load: { exited: ["client"] },
      drain: {
        until: {
          all: [
            { elapsedMs: serves.includes("shutdown write") ? 1500 : 500 },
            { sockets: { host: "server", state: "LAST-ACK", port: 8080 }, atMost: 0 },
          ],
        },
        withinMs: 10_000,
      },
    },
    everyMs: { sockets: 50, counters: 200 },
  });
}

function answered(flag: "ACK" | "RST", because: string): ExactExpectation {
  return {
    claim: `the repeated FIN is answered by ${flag === "ACK" ? "an ACK" : "a RST"}`,
    because,
    needs: ["packet"],
    test: (recording) => {
      const answer = segmentAfterRepeatedFin(recording);
      if (answer === null) return { holds: null, observed: "no answer to a repeated FIN was seen" };
      const flags = answer.flags.join("-");
      return {
        holds: flags === flag,
        observed: `${flags}, seq=${answer.sequence} ack=${answer.acknowledgement}`,
      };
    },
  };
}

const first = { connection: 1 } as const;
const lost = segmentsSeen({ ...first, fate: "dropped", rule: LAST_ACK }, exactly(1)).because(
  "the client's ACK to the server's FIN is the last segment of the connection, and an ACK is not acknowledged",
);
const waiting = socketsAtPeak({ host: "server", state: "LAST-ACK", port: 8080 }, exactly(1)).because(
  "the server's FIN is not acknowledged: the kernel's timer runs, without a program",
);
const over = socketsAtEndOf("drain", { host: "server", port: 8080, state: "LAST-ACK" }, exactly(0)).because(
  "an ACK or a RST ends it",
);
const repeated = segmentsRepeated({ ...first, from: "server", flags: ["FIN"] }, atLeast(1)).because(
  "a FIN is repeated like data until it is acknowledged",
);
const closeReturns = callsEnded({ program: "server", call: "close" }, 0, atLeast(1)).because(
  "close() returns before the FIN is acknowledged, and cannot report what happened to it",
);
const without = {
  noBucket: counterMoved({ counter: "TcpExtTCPTimeWaitOverflow", host: "client" }, atLeast(1)).because(
    "the client's stack was allowed no TIME-WAIT, and counts each one that it left out",
  ),
  neverWaits: neverSeen({ host: "client", state: "TIME-WAIT" }).because(
    "the connection is forgotten as soon as the server's FIN comes",
  ),
};

export const experiment = fact({
  id: "last-ack-lost",
  title: "The last ACK is lost, with TIME-WAIT and without",
  question: "What does TIME-WAIT do for the other end?",
  tags: ["time-wait", "closing", "wire"],
  variants: {
    "time-wait": {
      summary: "the client's end is kept in TIME-WAIT",
      setup: setup(4096, 1),
      exact: [
        lost,
        waiting,
        repeated,
        answered("ACK", "a TIME-WAIT keeps just enough to acknowledge the FIN again"),
        segmentsSeen({ ...first, flags: ["RST"] }, exactly(0)).because("both ends close in order"),
        over,
        socketsAtEndOf("drain", { host: "client", state: "TIME-WAIT", port: 8080 }, exactly(1)).because(
          "it stays for 60 s after the last FIN that it received",
        ),
        closeReturns,
      ],
    },
    "no-time-wait": {
      summary: "the client's stack is allowed no TIME-WAIT",
      setup: setup(0, 1),
      exact: [
        lost,
        waiting,
        without.noBucket,
        without.neverWaits,
        repeated,
        answered("RST", "no socket has this connection, and a segment without one is answered with a RST"),
        over,
        counterStill({ counter: "TcpEstabResets", host: "server" }).because(
          "this counter counts resets in ESTABLISHED and CLOSE-WAIT only",
        ),
        closeReturns,
      ],
    },
    "no-time-wait-and-kept": {
      summary:
        "the client's stack is allowed no TIME-WAIT, and the server still has the descriptor: it shut down instead of closing",
      setup: setup(0, 1, KEEPS),
      exact: [
        lost,
        waiting,
        without.noBucket,
        repeated,
        answered("RST", "no socket has this connection, and a segment without one is answered with a RST"),
        over,
        callsEnded({ program: "server", call: "send" }, "ECONNRESET", exactly(1)).because(
          "the RST is an error of the socket, and a program that still has the socket gets it at its next send()",
        ),
      ],
    },
    "port-used-again": {
      summary: "without TIME-WAIT, the client connects again from its port at once",
      setup: setup(0, 2),
      exact: [
        lost,
        without.noBucket,
        counterMoved({ counter: "TcpExtTCPSYNChallenge", host: "server" }, exactly(1)).because(
          "a SYN in LAST-ACK is answered with the ACK that the old connection would have sent",
        ),
        segmentsSeen({ ...first, from: "client", flags: ["RST"] }, exactly(1)).because(
          "in SYN-SENT that ACK acknowledges a number that was never sent, and the client answers with a RST",
        ),
        segmentsRepeated({ connection: 2, from: "client", flags: ["SYN"] }, atLeast(1)).because(
          "the first SYN only led to the end of the old connection",
        ),
        callsEnded({ program: "client", call: "connect" }, 0, exactly(2)).because(
          "when the repeated SYN comes, the old connection is gone",
        ),
        over,
      ],
    },
  },
});
