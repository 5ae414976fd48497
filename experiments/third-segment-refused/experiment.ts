import {
  atLeast,
  callsEnded,
  counterMoved,
  exactly,
  fact,
  segmentsRepeated,
  segmentsSeen,
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
  /** When the server accepts at last; null is never. */
  acceptsWhen: InterventionPlan["when"] | null;
  /** Whether the client hears of no SYN-ACK but the first: then only what it says unasked can complete the handshake. */
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
  const first: InterventionPlan[] = [
    {
      name: "the server stops",
      phase: "load",
      when: { elapsedMs: 0 },
      do: { signal: "SIGSTOP", program: "server" },
    },
    {
      name: "the client's SYN is there",
      phase: "load",
      when: { sockets: halfOpen, atLeast: 1 },
      do: { nothing: true },
    },
    {
      name: "the queue is full",
      phase: "load",
      when: { sockets: connected, atLeast: BACKLOG + 1 },
      do: { nothing: true },
    },
  ];
  if (acceptsWhen === null) return first;
  const goOn: InterventionPlan = {
    name: "the server goes on",
    phase: "load",
    when: acceptsWhen,
    do: { signal: "SIGCONT", program: "server" },
  };
  return [...first, goOn];
}

function setup({ abortOnOverflow, synAckRetries, acceptsWhen, synAckOnce = false }: Kernel): Setup {
  const wire = { kind: "wire" as const, delayMs: [0, 0] as [number, number], bitsPerSecond: null, loss: 0 };
  const bounds = { limits: {}, withinMs: 25_000 };
  const plain = { "net.ipv4.tcp_syn_retries": "6", "net.ipv4.tcp_retries2": "15" };
  return {
    hosts: {
      client: { sysctls: plain },
      others: { sysctls: plain },
      server: {
        sysctls: {
          "net.core.somaxconn": "4096",
          "net.ipv4.tcp_abort_on_overflow": abortOnOverflow,
          "net.ipv4.tcp_synack_retries": String(synAckRetries),
          "net.ipv4.tcp_syncookies": "1",
          "net.ipv4.tcp_max_syn_backlog": "1024",
        },
      },
    },
    links: [
      {
        ...wire,
        between: ["client", "server"],
        seed: 1,
        rules: [
          {
            name: "the third segment comes last",
            match: { from: "client", without: ["SYN"], until: "the queue is full" },
            do: { holdUntil: "the queue is full" },
          },
          ...(synAckOnce ? [REPEATED_SYN_ACKS] : []),
        ],
      },
      {
        ...wire,
        between: ["others", "server"],
        seed: 2,
        rules: [
          {
            name: "the others come second",
            match: { from: "others", flags: ["SYN"] },
            do: { holdUntil: "the client's SYN is there" },
          },
        ],
      },
    ],
    programs: {
      server: {
        host: "server",
        role: "server",
        program: "clients/calls",
        ...bounds,
        args: [
          ...[`listen ${PORT} ${BACKLOG}`, "accept", "keep", "accept", "keep"],
          ...["accept", "recv 97", "send 47", "recv end", "close", "stay"],
        ],
      },
      client: {
        host: "client",
        role: "client",
        program: "clients/calls",
        ...bounds,
        args: [`connect {server}:${PORT}`, "send 97", "recv 47", "close"],
      },
      others: {
        host: "others",
        role: "client",
        program: "clients/calls",
        ...bounds,
        args: [...[`connect {server}:${PORT}`, "keep"], ...[`connect {server}:${PORT}`, "keep"], "stay"],
      },
    },
    phases: [{ name: "load", until: { exited: ["client"] }, withinMs: 25_000 }],
    interventions: interventions(acceptsWhen),
    observers: {
      sockets: { everyMs: 50 },
      listeners: { everyMs: 250 },
      counters: { everyMs: 100 },
      processes: { everyMs: 1000 },
    },
  };
}

const toClient = { link: 0, from: "server" } as const;
const everywhere: ExactExpectation[] = [
  callsEnded({ program: "client", call: "connect" }, 0, exactly(1)).because(
    "connect() is over with the SYN-ACK, and that came while there was room",
  ),
  socketsAtPeak(connected, atLeast(BACKLOG + 1)).because("the others have taken the places"),
];
const hears = (result: number | "ECONNRESET", because: string): ExactExpectation =>
  callsEnded({ program: "client", call: "recv" }, result, exactly(1)).because(because);

export const experiment = fact({
  id: "third-segment-refused",
  title: "The third segment finds the accept queue full",
  question: "What becomes of a client that is connected when the server has no room?",
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
        hears(47, "one of its repeated requests comes when there is room, and completes the handshake"),
        segmentsSeen({ ...toClient, flags: ["RST"], phase: "load" }, exactly(0)).because("drops say nothing"),
        segmentsRepeated({ link: 0, from: "client", payload: "some" }, atLeast(1)).because(
          "what is not acknowledged is sent again",
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
        hears("ECONNRESET", "when the SYN-ACKs are used up, the next repetition is answered by a RST"),
        socketsAtEndOf("load", halfOpen, exactly(0)).because("the request is forgotten"),
      ],
    },
    abort: {
      summary: "tcp_abort_on_overflow 1, and the server does not accept",
      setup: setup({ abortOnOverflow: "1", synAckRetries: 5, acceptsWhen: null }),
      exact: [
        ...everywhere,
        hears("ECONNRESET", "the third segment is answered by a RST"),
        segmentsSeen({ ...toClient, flags: ["RST"], phase: "load" }, atLeast(1)).because("here it is"),
      ],
    },
  },
});
