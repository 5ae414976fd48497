import {
  callsEnded,
  counterStill,
  exactly,
  fact,
  leavesAt,
  mark,
  segmentsSeen,
  setupOf,
  socketsAtPeak,
  socketsStay,
  statesPassed,
  type ExactExpectation,
  type Setup,
} from "../../harness/experiment.ts";
import { signs } from "./signs.ts";

/** Later than the server gives up. */
const SPEAKS_AFTER_MS = 3600;

function setup(retries: number): Setup {
  return setupOf({
    hosts: {
      server: { "net.ipv4.tcp_synack_retries": String(retries), "net.ipv4.tcp_syncookies": "1" },
    },
    links: [
      {
        kind: "wire",
        rules: [
          {
            name: "the third segment",
            match: {
              from: "client",
              flags: ["ACK"],
              without: ["SYN"],
              payload: "none",
              until: "the way is free",
            },
            do: { drop: true },
          },
        ],
      },
    ],
    servers: { server: ["clients/calls", "listen 8080 4", "accept", "stay"] },
    clients: {
      client: [
        "clients/calls",
        "connect {server}:8080",
        `wait ${SPEAKS_AFTER_MS}`,
        "send 97",
        "recv end",
        "close",
      ],
    },
    phases: { load: { until: { exited: ["client"] }, withinMs: 15_000 } },
    // By then the server has given up in all variants.
    interventions: [mark("the way is free", { elapsedMs: SPEAKS_AFTER_MS - 200 })],
    everyMs: { sockets: 100, listeners: 500, counters: 500, processes: 1000 },
  });
}

function expectations(seconds: number[]): ExactExpectation[] {
  const synAcks = seconds.length;
  return [
    leavesAt("SYN-ACK", 8080, seconds).because(
      "each wait is twice the one before; after the last, the request is forgotten",
    ),
    socketsAtPeak(
      { host: "server", state: "SYN-RECEIVED", side: "listener", timer: "on", port: 8080 },
      exactly(1),
    ).because("the request waits for its third segment, and its timer runs"),
    statesPassed({ host: "server" }, ["SYN-RECEIVED", "CLOSED"]).because(
      "only the kernel has the request, and forgets it without sending a segment",
    ),
    socketsStay({ host: "client", state: "ESTABLISHED", side: "connector", port: 8080 }, exactly(1), {
      forMs: SPEAKS_AFTER_MS - 1000,
    }).because("the client needs only the SYN-ACK, and does not learn that its answer was lost"),
    segmentsSeen({ from: "client", rule: "the third segment" }, exactly(synAcks)).because(
      "each SYN-ACK is acknowledged again",
    ),
    callsEnded({ program: "client", call: "connect" }, 0, exactly(1)).because(
      "connect() returns with the first SYN-ACK",
    ),
    callsEnded({ program: "client", call: "send" }, 97, exactly(1)).because(
      "send() only puts the data into a queue",
    ),
    segmentsSeen({ from: "server", flags: ["RST"] }, exactly(1)).because(
      "data for a connection that the server does not have is answered by a RST",
    ),
    callsEnded({ program: "client", call: "recv" }, "ECONNRESET", exactly(1)).because(
      "only now, when it sends data, the client learns that the server has no connection",
    ),
    counterStill({ host: "server", counter: "TcpAttemptFails" }).because(
      "a forgotten request is counted nowhere: this counter has only requests that a RST or another SYN ends",
    ),
  ];
}

export const experiment = fact({
  id: "syn-received-held",
  title: "SYN-RECEIVED, until the server gives up",
  question: "How long does a server wait for the third segment, and what does the client know?",
  tags: ["handshake", "timers", "wire"],
  signs,
  variants: {
    "no-retry": {
      summary: "tcp_synack_retries 0",
      setup: setup(0),
      exact: expectations([0]),
    },
    "one-retry": {
      summary: "tcp_synack_retries 1",
      setup: setup(1),
      exact: expectations([0, 1]),
    },
  },
});
