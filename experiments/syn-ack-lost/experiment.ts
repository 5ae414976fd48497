import {
  atLeast,
  atMost,
  between,
  callsEnded,
  exactly,
  fact,
  quantity,
  segmentsRepeated,
  segmentsSeen,
  setupOf,
  socketsStay,
  timeBetween,
  type ExactExpectation,
  type Setup,
  type WireRule,
} from "../../harness/experiment.ts";

/** Long enough to see the states, and for the repeated SYN to reach the server when its own timer runs out. */
const ONE_WAY_MS = 50;
/** How late a result can be: lateness of a timer of 1 s, a round trip, and a busy machine. */
const LATE_MS = 600;
/** How long the client sends nothing after connect(). */
const SILENT_MS = 600;

function setup(rules: WireRule[]): Setup {
  return setupOf({
    hosts: {
      client: { "net.ipv4.tcp_syn_retries": "3", "net.ipv4.tcp_syn_linear_timeouts": "0" },
      server: { "net.ipv4.tcp_synack_retries": "3" },
    },
    links: [{ kind: "wire", delayMs: ONE_WAY_MS, rules }],
    servers: {
      server: ["clients/calls", "listen 8080 4", "accept", "recv 97", "send 47", "recv end", "close", "stay"],
    },
    clients: {
      client: ["clients/calls", "connect {server}:8080", `wait ${SILENT_MS}`, "send 97", "recv 47", "close"],
    },
    phases: { load: { until: { exited: ["client"] }, withinMs: 15_000 }, drain: { elapsedMs: 300 } },
    everyMs: { sockets: 20, listeners: 500, counters: 500, processes: 1000 },
  });
}

const fromConnect = (program: string, call: string) =>
  timeBetween(
    { call: { program: "client", call: "connect" }, is: "begun" },
    { call: { program, call }, is: "returned" },
  );
const connectMs = fromConnect("client", "connect");
const acceptMs = fromConnect("server", "accept");

const everywhere: ExactExpectation[] = [
  callsEnded({ program: "client", call: "connect" }, 0, exactly(1)).because("one of the SYN-ACKs came"),
  callsEnded({ program: "server", call: "recv" }, 97, exactly(1)).because("the connection works in the end"),
  callsEnded({ program: "client", call: "recv" }, 47, exactly(1)).because("in both directions"),
];

export const experiment = fact({
  id: "syn-ack-lost",
  title: "A handshake that loses a segment",
  question: "Which end repeats what, when a segment of the handshake is lost?",
  tags: ["handshake", "timers", "wire"],
  variants: {
    "nothing-lost": {
      summary: "every segment arrives",
      setup: setup([]),
      exact: [
        segmentsRepeated({ phase: "load" }, exactly(0)).because(
          "neither end has a reason to repeat anything",
        ),
        quantity("ms from connect() to its return", connectMs, between(2 * ONE_WAY_MS, LATE_MS)).because(
          "a round trip",
        ),
        ...everywhere,
      ],
    },
    "syn-ack-lost": {
      summary: "the first SYN-ACK is dropped",
      setup: setup([
        {
          name: "first SYN-ACK",
          match: { from: "server", flags: ["SYN", "ACK"], nth: { from: 1, to: 1 } },
          do: { drop: true },
        },
      ]),
      exact: [
        segmentsSeen({ from: "server", flags: ["SYN", "ACK"], fate: "dropped" }, exactly(1)).because(
          "the rule drops one",
        ),
        segmentsRepeated({ from: "client", flags: ["SYN"] }, exactly(1)).because(
          "the client does not know whether its SYN or the answer was lost, and repeats its SYN",
        ),
        segmentsRepeated({ from: "server", flags: ["SYN", "ACK"] }, between(1, 2)).because(
          "the server repeats its SYN-ACK for the repeated SYN, for its timer, or for both, at the same time",
        ),
        quantity("ms from connect() to its return", connectMs, between(1000, 1000 + LATE_MS)).because(
          "the first timeout is 1 s (RFC 6298 section 2)",
        ),
        socketsStay({ host: "client", state: "SYN-SENT", port: 8080 }, exactly(1), { forMs: 900 }).because(
          "until the SYN is repeated after 1 s",
        ),
        ...everywhere,
      ],
    },
    "third-segment-lost": {
      summary: "the client's ACK is dropped; its first data comes half a second later",
      setup: setup([
        {
          name: "third segment",
          match: { from: "client", flags: ["ACK"], without: ["SYN"], nth: { from: 1, to: 1 } },
          do: { drop: true },
        },
      ]),
      exact: [
        segmentsRepeated({ phase: "load" }, exactly(0)).because(
          "the data carries the same acknowledgement, and comes before the server's timer is over",
        ),
        quantity("ms from connect() to its return", connectMs, atMost(LATE_MS)).because(
          "the client has its SYN-ACK, and notices no loss",
        ),
        quantity(
          "ms from connect() to the return of accept()",
          acceptMs,
          atLeast(SILENT_MS + 3 * ONE_WAY_MS),
        ).because(
          "the server becomes ESTABLISHED with the first segment that acknowledges its SYN, and that is the data",
        ),
        socketsStay({ host: "server", state: "SYN-RECEIVED", port: 8080 }, exactly(1), {
          forMs: SILENT_MS - 100,
        }).because("until the client sends data"),
        ...everywhere,
      ],
    },
  },
});
