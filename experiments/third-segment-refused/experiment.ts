import {
  atLeast,
  callsEnded,
  counterMoved,
  exactly,
  fact,
  mark,
  segmentsRepeated,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  type ExactExpectation,
  type InterventionPlan,
  type Setup,
  type WireRule,
} from "../../harness/experiment.ts";

const PORT = 8080;
/** The queue holds one more: the two connections of `others`. */
const BACKLOG = 1;
const OVERFLOWS = "TcpExtListenOverflows";

interface Kernel {
  abortOnOverflow: "0" | "1";
  synAckRetries: number;
  /** When the server accepts again; null is never. */
  acceptsWhen: InterventionPlan["when"] | null;
  /** Whether the client gets only the first SYN-ACK: then only its own repetitions can complete the handshake. */
  synAckOnce?: boolean;
}

const halfOpen = { host: "server", state: "SYN-RECEIVED", side: "listener", port: PORT } as const;
const connected = { host: "server", state: "ESTABLISHED", side: "listener", port: PORT } as const;

const REPEATED_SYN_ACKS: WireRule = {
  name: "a SYN-ACK comes once",
  match: { from: "server", flags: ["SYN", "ACK"], nth: { from: 2, to: null } },
  do: { drop: true },
};

function interventions(acceptsWhen: Kernel["acceptsWhen"]): InterventionPlan[] {
  const phase = "load";
  const first: InterventionPlan[] = [
    { name: "the server stops", phase, when: { elapsedMs: 0 }, do: { signal: "SIGSTOP", program: "server" } },
    mark("the client's SYN is there", { sockets: halfOpen, atLeast: 1 }),
    mark("the queue is full", { sockets: connected, atLeast: BACKLOG + 1 }),
  ];
  if (acceptsWhen === null) return first;
  const goOn = { signal: "SIGCONT", program: "server" } as const;
  return [...first, { name: "the server goes on", phase, when: acceptsWhen, do: goOn }];
}

const LAST_THIRD_SEGMENT: WireRule = {
  name: "the third segment comes last",
  match: { from: "client", without: ["SYN"], until: "the queue is full" },
  do: { holdUntil: "the queue is full" },
};
const OTHERS_SECOND: WireRule = {
  name: "the others come second",
  match: { from: "others", flags: ["SYN"] },
  do: { holdUntil: "the client's SYN is there" },
};

function setup({ abortOnOverflow, synAckRetries, acceptsWhen, synAckOnce = false }: Kernel): Setup {
  const plain = { "net.ipv4.tcp_syn_retries": "6", "net.ipv4.tcp_retries2": "15" };
  const keeps = ["accept", "keep", "accept", "keep"];
  const serves = ["accept", "recv 97", "send 47", "recv end", "close"];
  const connects = `connect {server}:${PORT}`;
  const withinMs = 25_000;
  return setupOf({
    hosts: {
      client: plain,
      others: plain,
      server: {
        "net.core.somaxconn": "4096",
        "net.ipv4.tcp_abort_on_overflow": abortOnOverflow,
        "net.ipv4.tcp_synack_retries": String(synAckRetries),
        "net.ipv4.tcp_syncookies": "1",
        "net.ipv4.tcp_max_syn_backlog": "1024",
      },
    },
    links: [
      { kind: "wire", rules: [LAST_THIRD_SEGMENT, ...(synAckOnce ? [REPEATED_SYN_ACKS] : [])] },
      { kind: "wire", between: ["others", "server"], rules: [OTHERS_SECOND] },
    ],
    servers: {
      server: { run: ["clients/calls", `listen ${PORT} ${BACKLOG}`, ...keeps, ...serves, "stay"], withinMs },
    },
    clients: {
      client: { run: ["clients/calls", connects, "send 97", "recv 47", "close"], withinMs },
      others: {
        run: ["clients/calls", connects, "keep", connects, "keep", "stay"],
        host: "others",
        withinMs,
      },
    },
    phases: { load: { exited: ["client"] } },
    interventions: interventions(acceptsWhen),
    everyMs: { sockets: 50, listeners: 250, counters: 100, processes: 1000 },
  });
}

const toClient = { link: 0, from: "server" } as const;
const everywhere: ExactExpectation[] = [
  callsEnded({ program: "client", call: "connect" }, 0, exactly(1)).because(
    "connect() returns with the SYN-ACK, and that came while there was room",
  ),
  socketsAtPeak(connected, atLeast(BACKLOG + 1)).because("the others have taken the places"),
];
const receives = (result: number | "ECONNRESET", because: string): ExactExpectation =>
  callsEnded({ program: "client", call: "recv" }, result, exactly(1)).because(because);

export const experiment = fact({
  id: "third-segment-refused",
  title: "The third segment finds the accept queue full",
  question: "What happens to a client that is connected when the server has no room?",
  tags: ["handshake", "accept-queue", "backlog", "wire"],
  variants: {
    dropped: {
      summary: "tcp_abort_on_overflow 0, and the server accepts a second and a half later",
      setup: setup({
        abortOnOverflow: "0",
        synAckRetries: 5,
        synAckOnce: true,
        acceptsWhen: {
          heldForMs: 1500,
          condition: { counter: OVERFLOWS, host: "server", atLeast: 1 },
        },
      }),
      exact: [
        ...everywhere,
        receives(47, "one of its repeated requests comes when there is room, and completes the handshake"),
        segmentsSeen({ ...toClient, flags: ["RST"], phase: "load" }, exactly(0)).because(
          "a dropped segment is not answered",
        ),
        segmentsRepeated({ link: 0, from: "client", payload: "some" }, atLeast(1)).because(
          "unacknowledged data is sent again",
        ),
        counterMoved({ host: "server", counter: OVERFLOWS }, atLeast(3)).because(
          "one for the third segment, one for the request behind it, and one for each repetition",
        ),
      ],
    },
    "given-up": {
      summary: "tcp_abort_on_overflow 0, tcp_synack_retries 1, and the server does not accept",
      setup: setup({ abortOnOverflow: "0", synAckRetries: 1, acceptsWhen: null }),
      exact: [
        ...everywhere,
        receives("ECONNRESET", "when the SYN-ACKs are used up, the next repetition is answered by a RST"),
        socketsAtEndOf("load", halfOpen, exactly(0)).because("the request is forgotten"),
      ],
    },
    abort: {
      summary: "tcp_abort_on_overflow 1, and the server does not accept",
      setup: setup({ abortOnOverflow: "1", synAckRetries: 5, acceptsWhen: null }),
      exact: [
        ...everywhere,
        receives("ECONNRESET", "the third segment is answered by a RST"),
        segmentsSeen({ ...toClient, flags: ["RST"], phase: "load" }, atLeast(1)).because(
          "tcp_abort_on_overflow is 1",
        ),
      ],
    },
  },
});
