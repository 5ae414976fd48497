import {
  atLeast,
  between,
  callsEnded,
  counterMoved,
  counterStill,
  exactly,
  fact,
  firstToLastOf,
  freshSysctl,
  leavesAt,
  quantity,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  timeBetween,
  type Condition,
  type ExactExpectation,
  type Setup,
  type Sysctls,
} from "../../harness/experiment.ts";

/** The port whose SYNs are lost, and the port whose third segments are lost. */
const UNANSWERED = 8080;
const UNFINISHED = 8081;

/** Timers of seconds are late by some percent, and by more on a busy machine. */
const LATE = 0.08;
const LATE_MS = 600;

const halfOpen = { host: "server", state: "SYN-RECEIVED", side: "listener", port: UNFINISHED } as const;
const forgotten: Condition = {
  all: [{ elapsedMs: 60_000 }, { heldForMs: 500, condition: { sockets: halfOpen, atMost: 0 } }],
};

function setup(sysctls: Sysctls, until: Condition): Setup {
  return setupOf({
    sysctls,
    links: [
      {
        kind: "wire",
        rules: [
          {
            name: "every SYN",
            match: { from: "client", flags: ["SYN"], port: UNANSWERED },
            do: { drop: true },
          },
          {
            name: "every third segment",
            match: { from: "client", without: ["SYN"], port: UNFINISHED },
            do: { drop: true },
          },
        ],
      },
    ],
    servers: { server: ["clients/calls", `listen ${UNFINISHED} 47`, "stay"] },
    clients: {
      unanswered: { run: ["clients/calls", `connect {server}:${UNANSWERED}`, "close"], withinMs: 100_000 },
      unfinished: { run: ["clients/calls", `connect {server}:${UNFINISHED}`, "recv end"], withinMs: 100_000 },
    },
    phases: { load: { until, withinMs: 80_000 } },
    everyMs: { sockets: 500, listeners: 10_000, counters: 2000, processes: 10_000 },
  });
}

/** A default that the kernel gives to a fresh namespace. */
const readsBack = (host: string, name: string, value: string): ExactExpectation =>
  freshSysctl(host, name, value).because("it is not set");

const connect = { program: "unanswered", call: "connect" };
const connectMs = timeBetween({ call: connect, is: "begun" }, { call: connect, is: "returned" });

const everywhere: ExactExpectation[] = [
  leavesAt("SYN-ACK", UNFINISHED, [0, 1, 3, 7, 15, 31]).because(
    "five repetitions, each wait twice the one before",
  ),
  quantity(
    "s between the first and the last sample of SYN-RECEIVED",
    firstToLastOf(halfOpen),
    between(59, 70),
  ).because("32 s after the last SYN-ACK the server forgets the request"),
  socketsAtEndOf("load", halfOpen, exactly(0)).because("nothing of the request is left"),
  socketsStay({ host: "client", state: "ESTABLISHED", side: "connector", port: UNFINISHED }, exactly(1), {
    forMs: 60_000,
  }).because("nothing tells the client"),
  counterStill({ host: "server", counter: "TcpAttemptFails" }).because(
    "a forgotten request is counted nowhere",
  ),
];

export const experiment = fact({
  id: "handshake-retries",
  title: "A minute of retries: SYNs and SYN-ACKs that lead to nothing",
  question: "How often are a SYN and a SYN-ACK sent again by default, and for how long does each end wait?",
  tags: ["handshake", "timers", "wire", "slow"],
  variants: {
    defaults: {
      summary: "no sysctl is set",
      setup: setup({}, forgotten),
      exact: [
        readsBack("client", "net.ipv4.tcp_syn_retries", "6"),
        readsBack("client", "net.ipv4.tcp_syn_linear_timeouts", "4"),
        readsBack("server", "net.ipv4.tcp_synack_retries", "5"),
        leavesAt("SYN", UNANSWERED, [0, 1, 2, 3, 4, 5, 7, 11, 19, 35]).because(
          "the first five waits are a second each, and only then do they double",
        ),
        socketsAtEndOf(
          "load",
          { host: "client", state: "SYN-SENT", side: "connector", port: UNANSWERED },
          exactly(1),
        ).because("after a minute connect() still waits: it would fail after 131 s"),
        ...everywhere,
      ],
    },
    doubling: {
      summary: "tcp_syn_retries 5, tcp_synack_retries 5, and no linear timeouts: the textbook's waits",
      setup: setup(
        {
          "net.ipv4.tcp_syn_retries": "5",
          "net.ipv4.tcp_syn_linear_timeouts": "0",
          "net.ipv4.tcp_synack_retries": "5",
        },
        { all: [{ exited: ["unanswered"] }, forgotten] },
      ),
      exact: [
        leavesAt("SYN", UNANSWERED, [0, 1, 3, 7, 15, 31]).because(
          "five repetitions, each wait twice the one before",
        ),
        callsEnded({ program: "unanswered", call: "connect" }, "ETIMEDOUT", exactly(1)).because(
          "the wait after the last SYN is over",
        ),
        quantity(
          "ms that connect() lasts",
          connectMs,
          between(62_980, 63_000 * (1 + LATE) + LATE_MS),
        ).because("1 + 2 + 4 + 8 + 16 + 32 s"),
        counterMoved({ host: "client", counter: "TcpExtTCPSynRetrans" }, atLeast(5)).because(
          "one for each repetition",
        ),
        ...everywhere,
      ],
    },
  },
});
