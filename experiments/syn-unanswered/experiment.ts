import {
  between,
  callsEnded,
  counterMoved,
  counterStill,
  exactly,
  fact,
  leavesAt,
  quantity,
  segmentsSeen,
  setupOf,
  socketsAtPeak,
  statesPassed,
  timeBetween,
  type ExactExpectation,
  type Setup,
} from "../../harness/experiment.ts";
import { signs } from "./signs.ts";

interface Retries {
  /** Limits the time: 1 s, and twice as long for each repetition. */
  retries: number;
  /** After how many timeouts the wait begins to double (since Linux 6.5). */
  linear: number;
}

/** A timer of seconds is late by a tick or two, and by more on a busy machine. */
const LATE_MS = 600;

function setup({ retries, linear }: Retries): Setup {
  return setupOf({
    hosts: {
      client: {
        "net.ipv4.tcp_syn_retries": String(retries),
        "net.ipv4.tcp_syn_linear_timeouts": String(linear),
      },
    },
    links: [
      {
        kind: "wire",
        rules: [{ name: "every SYN", match: { from: "client", flags: ["SYN"] }, do: { drop: true } }],
      },
    ],
    servers: { server: ["clients/calls", "listen 8080 4", "stay"] },
    clients: { client: ["clients/calls", "connect {server}:8080", "close"] },
    phases: { load: { until: { exited: ["client"] }, withinMs: 15_000 } },
    everyMs: { sockets: 200, listeners: 1000, counters: 500, processes: 1000 },
  });
}

const connect = { program: "client", call: "connect" };
/** How long connect() lasted. */
const connectMs = timeBetween({ call: connect, is: "begun" }, { call: connect, is: "returned" });

function gaveUpAfter(seconds: number): ExactExpectation[] {
  return [
    callsEnded({ program: "client", call: "connect" }, "ETIMEDOUT", exactly(1)).because(
      "when the wait after the last SYN is over, the kernel gives up",
    ),
    quantity(
      "ms that connect() lasts",
      connectMs,
      between(seconds * 1000 - 20, seconds * 1000 + LATE_MS),
    ).because("the sum of all waits, the one after the last SYN included"),
  ];
}

const everywhere = (syns: number): ExactExpectation[] => [
  counterMoved({ host: "client", counter: "TcpExtTCPSynRetrans" }, exactly(syns - 1)).because(
    "every SYN but the first is a repetition",
  ),
  counterStill({ host: "server", counter: "TcpInSegs" }).because("nothing came to the server"),
  socketsAtPeak(
    { host: "client", state: "SYN-SENT", side: "connector", timer: "on", port: 8080 },
    exactly(1),
  ).because("its timer runs between two SYNs"),
  statesPassed({ host: "client" }, ["SYN-SENT", "CLOSED"]).because(
    "no answer comes, so no other state follows",
  ),
  segmentsSeen({ from: "server" }, exactly(0)).because("the server receives nothing, so it sends nothing"),
];

export const experiment = fact({
  id: "syn-unanswered",
  title: "A SYN that nobody answers",
  question: "When is a SYN sent again, and when does connect() give up?",
  tags: ["handshake", "timers", "wire"],
  signs,
  variants: {
    "one-retry": {
      summary: "tcp_syn_retries 1, no linear timeouts",
      setup: setup({ retries: 1, linear: 0 }),
      exact: [
        leavesAt("SYN", 8080, [0, 1]).because("1 s after the first"),
        ...gaveUpAfter(3),
        ...everywhere(2),
      ],
    },
    "two-retries": {
      summary: "tcp_syn_retries 2, no linear timeouts",
      setup: setup({ retries: 2, linear: 0 }),
      exact: [
        leavesAt("SYN", 8080, [0, 1, 3]).because(
          "each wait is twice the one before: 1 s, 2 s, and 4 s without a repetition after it",
        ),
        ...gaveUpAfter(7),
        ...everywhere(3),
      ],
    },
    linear: {
      summary: "tcp_syn_retries 2, and four linear timeouts, as Linux has by default",
      setup: setup({ retries: 2, linear: 4 }),
      exact: [
        leavesAt("SYN", 8080, [0, 1, 2, 3, 4, 5]).because("the first five waits are not doubled"),
        ...gaveUpAfter(7),
        ...everywhere(6),
      ],
    },
  },
});
