import {
  atLeast,
  atMost,
  between,
  calls,
  callsEnded,
  exactly,
  fact,
  quantity,
  segmentsRepeated,
  segmentsSeen,
  setupOf,
  socketsStay,
  type ExactExpectation,
  type Recording,
  type Setup,
  type WireRule,
} from "../../harness/experiment.ts";

/** So that states can be seen, and so that the SYN's repetition comes to the server when its own timer is over. */
const ONE_WAY_MS = 50;
/** Of a second's timer, a round trip, and a busy machine. */
const LATE_MS = 600;
/** For so long after connect() the client says nothing. */
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
    phases: [
      { name: "load", until: { exited: ["client"] }, withinMs: 15_000 },
      { name: "drain", until: { elapsedMs: 300 } },
    ],
    everyMs: { sockets: 20, listeners: 500, counters: 500, processes: 1000 },
  });
}

/** From one call to the return of another; null when it has not returned. */
function msBetween(recording: Recording, program: string, call: string): number | null {
  const begun = calls(recording, { program: "client", call: "connect" })[0];
  const over = calls(recording, { program, call }).find(({ result }) => result !== null);
  return begun === undefined || over === undefined ? null : (over.atUs - begun.atUs) / 1000;
}

const connectMs = {
  needs: ["report" as const],
  of: (recording: Recording) => msBetween(recording, "client", "connect"),
};
const acceptMs = {
  needs: ["report" as const],
  of: (recording: Recording) => msBetween(recording, "server", "accept"),
};

const everywhere: ExactExpectation[] = [
  callsEnded({ program: "client", call: "connect" }, 0, exactly(1)).because("one of the SYN-ACKs came"),
  callsEnded({ program: "server", call: "recv" }, 97, exactly(1)).because(
    "the connection is whole in the end",
  ),
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
        segmentsRepeated({ phase: "load" }, exactly(0)).because("nobody has a reason to repeat anything"),
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
          "the rule takes one",
        ),
        segmentsRepeated({ from: "client", flags: ["SYN"] }, exactly(1)).because(
          "the client does not know whether its SYN or the answer was lost, and repeats what it has",
        ),
        segmentsRepeated({ from: "server", flags: ["SYN", "ACK"] }, between(1, 2)).because(
          "the server repeats its own for the SYN that came again, for its timer, or for both: they fall together",
        ),
        quantity("ms from connect() to its return", connectMs, between(1000, 1000 + LATE_MS)).because(
          "the first timeout is 1 s (RFC 6298 section 2)",
        ),
        socketsStay({ host: "client", state: "SYN-SENT", port: 8080 }, exactly(1), { forMs: 900 }).because(
          "for the second that is lost",
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
          "the data bears the same acknowledgement, and comes before the server's timer is over",
        ),
        quantity("ms from connect() to its return", connectMs, atMost(LATE_MS)).because(
          "the client has its SYN-ACK: for it nothing is lost",
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
        }).because("until the client speaks"),
        ...everywhere,
      ],
    },
  },
});
