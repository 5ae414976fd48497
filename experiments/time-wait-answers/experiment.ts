import {
  atLeast,
  atMost,
  between,
  exactly,
  fact,
  mark,
  neverSeen,
  quantity,
  repeats,
  seenFor,
  segments,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  timeWaitPutOff,
  wireConnections,
  type Bound,
  type Condition,
  type ExactExpectation,
  type InterventionPlan,
  type PeerStep,
  type Recording,
  type Setup,
  type ShortLink,
  type ShortPhase,
  type WireRule,
} from "../../harness/experiment.ts";

const LOST_ACKS = 5;
const LOSE_ACKS = "lose-last-acks";
const IN_TIME_WAIT = "in TIME-WAIT";
const OUT_OF_TIME_WAIT = "TIME-WAIT is over";
/** The length of TIME-WAIT, the slack of its timer, and a reserve. */
const MOST_MS = 72_000;

const client = { host: "client", state: "TIME-WAIT" } as const;
const isOver: Condition = { all: [{ elapsedMs: 2000 }, { sockets: client, atMost: 0 }] };

/** Drops the client's ACK of the server's FIN, up to `times` times. */
const loseAcks = (times: number): WireRule => ({
  name: LOSE_ACKS,
  // Of the segments that are only acknowledgements, the first ends the handshake, and the second the connection.
  match: {
    from: "client",
    connection: 1,
    flags: ["ACK"],
    without: ["SYN", "FIN", "RST", "PSH"],
    payload: "none",
    nth: { from: 2, to: 1 + times },
  },
  do: { drop: true },
});

/** A server that is a script: it answers the client's FIN with its own, and then does `after`. */
function scripted(after: PeerStep[], rules: WireRule[] = []): ShortLink {
  return {
    kind: "wire",
    delayMs: 10,
    rules,
    peer: {
      host: "server",
      connections: 1,
      port: 8080,
      steps: [
        { await: { flags: ["SYN"] }, withinMs: 10_000 },
        { send: { flags: ["SYN", "ACK"], windowBytes: 10_000, options: { mssBytes: 1460 } } },
        { await: { flags: ["FIN"] }, withinMs: 5000 },
        { send: { flags: ["FIN", "ACK"], windowBytes: 10_000 } },
        ...after,
      ],
    },
  };
}

/** A kernel at the other end; its FIN is acknowledged each time, and each acknowledgement is lost. */
const lossy: ShortLink = { kind: "wire", delayMs: 10, rules: [loseAcks(LOST_ACKS)] };

interface Trial {
  link: ShortLink;
  rfc1337?: "0" | "1";
  drain: ShortPhase;
  interventions?: InterventionPlan[];
  lookMs?: number;
}

function setup({ link, rfc1337 = "0", drain, interventions = [], lookMs = 100 }: Trial): Setup {
  const server = ["clients/calls", "listen 8080 4", "accept", "recv end", "close", "stay"];
  return setupOf({
    sysctls: { "net.ipv4.tcp_timestamps": "1" },
    hosts: {
      client: {
        "net.ipv4.tcp_max_tw_buckets": "4096",
        "net.ipv4.tcp_tw_reuse": "0",
        "net.ipv4.tcp_rfc1337": rfc1337,
      },
      server: { "net.ipv4.tcp_orphan_retries": "0" },
    },
    links: [link],
    servers: "peer" in link ? {} : { server },
    clients: { client: { run: ["clients/calls", "connect {server}:8080", "close"], withinMs: 10_000 } },
    phases: { load: { exited: ["client"] }, drain },
    interventions,
    everyMs: { sockets: lookMs, counters: 500 },
  });
}

/** The peer's RST comes after a look has found the TIME-WAIT. */
const reset = (rfc1337: "0" | "1"): Setup =>
  setup({
    rfc1337,
    link: scripted([{ after: IN_TIME_WAIT }, { send: { flags: ["RST"], windowBytes: 0 } }]),
    drain: { elapsedMs: 1500 },
    interventions: [mark(IN_TIME_WAIT, { sockets: client, atLeast: 1 }, "drain")],
  });

/** The server's FINs, and the client's ACKs after the first of them. */
function afterFins(recording: Recording): { fins: number; answers: number } {
  const fins = segments(recording, { from: "server", flags: ["FIN"] });
  const [first] = fins;
  const answers = segments(recording, { from: "client" }).filter(
    ({ atUs, flags }) => atUs > (first?.sentUs ?? Infinity) && flags.join() === "ACK",
  );
  return { fins: fins.length, answers: answers.length };
}

const acknowledged = (times: number, because: string): ExactExpectation[] => [
  quantity(
    "FINs of the server",
    { needs: ["packet"], of: (seen: Recording) => afterFins(seen).fins },
    exactly(times),
  ).because("it is repeated until it is acknowledged"),
  quantity(
    "ACKs by the client after the first of them",
    { needs: ["packet"], of: (seen: Recording) => afterFins(seen).answers },
    exactly(times),
  ).because(because),
];

/** Milliseconds from the server's first FIN to its last repetition. */
function repeatedForMs(recording: Recording): number | null {
  const packets = wireConnections(recording)[0]?.packets ?? [];
  const fins = [...repeats(packets).keys()].filter(
    ({ from, flags }) => from === "server" && flags.includes("FIN"),
  );
  const first = segments(recording, { from: "server", flags: ["FIN"] })[0];
  const last = fins.at(-1);
  return first === undefined || last === undefined ? null : (last.atUs - first.atUs) / 1000;
}

const gained = (bound: Bound, because: string): ExactExpectation =>
  quantity("ms by which the timer of the TIME-WAIT was extended", timeWaitPutOff("client"), bound).because(
    because,
  );

const seen = socketsAtPeak(client, exactly(1)).because("the client closed first");

export const experiment = fact({
  id: "time-wait-answers",
  title: "What TIME-WAIT sends, and what ends it",
  question: "What does a TIME-WAIT send by itself, and what ends it early?",
  tags: ["time-wait", "retransmission", "reset", "wire"],
  variants: {
    "five-lost": {
      summary: `the ACK of the last FIN is lost ${LOST_ACKS} times`,
      setup: setup({
        link: lossy,
        drain: {
          until: {
            all: [
              { elapsedMs: 3000 },
              { sockets: { host: "server", state: "LAST-ACK", port: 8080 }, atMost: 0 },
            ],
          },
          withinMs: 30_000,
        },
      }),
      exact: [
        segmentsSeen({ rule: LOSE_ACKS, fate: "dropped" }, exactly(LOST_ACKS)).because(
          "the server repeats its FIN, and doubles the wait each time",
        ),
        ...acknowledged(LOST_ACKS + 1, "every FIN is answered, and nothing else is"),
        segmentsSeen({ flags: ["RST"] }, exactly(0)).because("both ends close in order"),
        quantity(
          "ms for which the server repeated its FIN",
          { needs: ["packet"], of: repeatedForMs },
          between(2500, 20_000),
        ).because("twice after 0.2 s, then after 0.5, 0.9 and 1.8 s: together a small part of a minute"),
        gained(atLeast(2500), "each FIN restarts the 60 s (RFC 9293, section 3.10.7.4)"),
        socketsAtEndOf("drain", { host: "server", state: "LAST-ACK" }, exactly(0)).because(
          "the sixth ACK arrived",
        ),
        socketsAtEndOf("drain", client, exactly(1)).because("most of its minute is left"),
      ],
    },
    "late-fin": {
      summary: "the ACK is lost, and the other end is silent for all of TIME-WAIT before it repeats its FIN",
      setup: setup({
        link: scripted(
          [
            { after: OUT_OF_TIME_WAIT },
            { send: { flags: ["FIN", "ACK"], sequence: 1, windowBytes: 10_000 } },
            { await: { flags: ["RST"] }, withinMs: 3000 },
          ],
          [loseAcks(1)],
        ),
        drain: {
          until: {
            any: [
              { elapsedMs: MOST_MS },
              {
                heldForMs: 1000,
                condition: isOver,
              },
            ],
          },
          withinMs: MOST_MS + 3000,
        },
        interventions: [mark(OUT_OF_TIME_WAIT, isOver, "drain")],
        lookMs: 250,
      }),
      exact: [
        seen,
        quantity(
          "seconds from the first sample with TIME-WAIT to the first without",
          seenFor(client),
          between(59, 66),
        ).because("no segment came that could lengthen or shorten it"),
        quantity(
          "ACKs by the client behind the first FIN of the server's",
          { needs: ["packet"], of: (recording: Recording) => afterFins(recording).answers },
          exactly(1),
        ).because(
          "the FIN is acknowledged once; the client does not know that this ACK is lost, and no timer repeats it",
        ),
        segmentsSeen({ from: "client", flags: ["RST"] }, exactly(1)).because(
          "the FIN that comes after the minute belongs to no connection",
        ),
      ],
    },
    reset: {
      summary: "a RST with the right number comes, and tcp_rfc1337 is 0",
      setup: reset("0"),
      exact: [
        seen,
        segmentsSeen({ from: "server", flags: ["RST"] }, exactly(1)).because("the script sends one"),
        socketsAtEndOf("drain", client, exactly(0)).because(
          "the RST ends TIME-WAIT at once: what RFC 1337 calls its assassination",
        ),
        quantity(
          "seconds from the first sample with TIME-WAIT to the first without",
          seenFor(client),
          atMost(1.5),
        ).because("the RST ended it long before its 60 s"),
      ],
    },
    "reset-ignored": {
      summary: "a RST with the right number comes, and tcp_rfc1337 is 1",
      setup: reset("1"),
      exact: [
        seen,
        segmentsSeen({ from: "server", flags: ["RST"] }, exactly(1)).because("the script sends one"),
        socketsAtEndOf("drain", client, exactly(1)).because("RFC 1337, section 3: ignore the RST"),
        neverSeen({ host: "client", state: "LAST-ACK" }).because("the client closed first"),
      ],
    },
  },
});
