import {
  answerTo,
  callsThat,
  exactly,
  fact,
  mark,
  quantity,
  segments,
  setupOf,
  socketsAtPeak,
  type ExactExpectation,
  type PeerSegment,
  type PeerStep,
  type Setup,
} from "../../harness/experiment.ts";

const windowBytes = 10_000;
const withinMs = 5000;
const READY = "the server is ready";
const WAITING = "in TIME-WAIT";

/** Bytes that the old connection sent. */
const OLD_BYTES = 47;
/** The next number of the old connection, after its SYN, its bytes and its FIN. */
const NEXT = OLD_BYTES + 2;
/** The distance of the new SYN from the old connection's numbers; less than 0 is below its first. */
const ABOVE = 1000;
const BELOW = -1000;
/** Milliseconds of a clock that only the script knows. */
const OLD_CLOCK = 500_000;
const LATER = 600_000;
const EARLIER = 400_000;

/** How long the script waits for an answer to its SYN; no answer is a result, too. */
const PATIENCE_MS = 500;

/** The SYN that meets the TIME-WAIT: its number, and its timestamp if the old connection had timestamps. */
interface NewSyn {
  sequence: number;
  clock: number | null;
  /** Whether a RST and the same SYN follow, as from a kernel in SYN-SENT that gets an ACK of a number it never sent. */
  isRepeated: boolean;
}

function script({ sequence, clock, isRepeated }: NewSyn): PeerStep[] {
  const stamped = (value: number, echo: number | "latest"): Pick<PeerSegment, "options"> =>
    clock === null ? {} : { options: { timestamps: { value, echo } } };
  const old = stamped(OLD_CLOCK, "latest");
  const syn: PeerStep = { send: { flags: ["SYN"], windowBytes, sequence, ...stamped(clock ?? 0, 0) } };
  return [
    { after: READY },
    { send: { flags: ["SYN"], windowBytes, ...stamped(OLD_CLOCK, 0) } },
    { await: { flags: ["SYN", "ACK"] }, withinMs },
    { send: { flags: ["PSH", "ACK"], windowBytes, payloadBytes: OLD_BYTES, ...old } },
    { await: { flags: ["FIN"] }, withinMs },
    { send: { flags: ["FIN", "ACK"], windowBytes, ...old } },
    { await: { flags: ["ACK"] }, withinMs },
    { after: WAITING },
    // From here on a SYN-ACK is acknowledged.
    { answer: { windowBytes } },
    syn,
    { waitMs: PATIENCE_MS },
    ...(isRepeated
      ? [{ send: { flags: ["RST" as const], windowBytes: 0, sequence: NEXT } }, syn, { waitMs: PATIENCE_MS }]
      : []),
  ];
}

function setup(syn: NewSyn): Setup {
  return setupOf({
    hosts: {
      server: {
        "net.ipv4.tcp_timestamps": "1",
        "net.ipv4.tcp_max_tw_buckets": "4096",
        "net.ipv4.tcp_rfc1337": "0",
        "net.ipv4.tcp_invalid_ratelimit": "500",
        "net.ipv4.tcp_syncookies": "1",
      },
    },
    links: [
      {
        kind: "wire",
        peer: { host: "client", connections: 1, port: 40_001, to: 8080, steps: script(syn) },
      },
    ],
    servers: {
      server: ["clients/calls", "listen 8080 4", "accept", `recv ${OLD_BYTES}`, "close", "accept", "stay"],
    },
    phases: {
      load: {
        until: { sockets: { host: "server", state: "TIME-WAIT", port: 8080 }, atLeast: 1 },
        withinMs: 10_000,
      },
      drain: { elapsedMs: 5 * PATIENCE_MS },
    },
    interventions: [mark(READY, { elapsedMs: 0 }), mark(WAITING, { elapsedMs: 0 }, "drain")],
    everyMs: { sockets: 50, counters: 100 },
  });
}

/** The server's answer to the SYN that met its TIME-WAIT: the second SYN of the trial. */
function answered(flags: "SYN-ACK" | "ACK", because: string): ExactExpectation {
  return {
    claim: `the SYN that meets TIME-WAIT is answered by ${flags}`,
    because,
    needs: ["packet"],
    test: (recording) => {
      const syn = segments(recording, { from: "client", flags: ["SYN"] })[1];
      const answer = syn === undefined ? null : answerTo(recording, syn);
      if (answer === null) return { holds: null, observed: "no answer was seen" };
      const { sequence, acknowledgement } = answer;
      const words = answer.flags.join("-");
      return { holds: words === flags, observed: `${words}, seq=${sequence} ack=${acknowledgement}` };
    },
  };
}

const waited = socketsAtPeak({ host: "server", state: "TIME-WAIT", port: 8080 }, exactly(1)).because(
  "the server closed first, and the SYN came when its end was seen in TIME-WAIT",
);
const opened = quantity(
  "connections that the server accepts",
  callsThat(
    { en: "succeeded", zh: "成功" },
    { program: "server", call: "accept" },
    ({ result }) => typeof result === "number",
  ),
  exactly(2),
);
const accepted = opened.because(
  "its TIME-WAIT is given up for the new connection between the same two ports",
);
const afterReset = opened.because("the RST ended the TIME-WAIT, and the same SYN then finds the port free");

export const experiment = fact({
  id: "syn-on-time-wait",
  title: "A SYN between two ports of which the server is in TIME-WAIT",
  question: "Which SYN begins a new connection where the last one is still in TIME-WAIT?",
  tags: ["time-wait", "sequence-numbers", "wire"],
  variants: {
    higher: {
      summary: "a number above all of the old connection's, and no timestamps",
      setup: setup({ sequence: ABOVE, clock: null, isRepeated: false }),
      exact: [
        waited,
        answered("SYN-ACK", "no segment of the old connection can have a number of the new one's"),
        accepted,
      ],
    },
    lower: {
      summary: "a number below the old connection's, and no timestamps",
      setup: setup({ sequence: BELOW, clock: null, isRepeated: true }),
      exact: [
        waited,
        answered("ACK", "its sender gets the number that the old connection expects, and can reset it"),
        afterReset,
      ],
    },
    "higher-older-timestamp": {
      summary: "a higher number with a timestamp that is older than the old connection's",
      setup: setup({ sequence: ABOVE, clock: EARLIER, isRepeated: true }),
      exact: [
        waited,
        answered(
          "ACK",
          "a segment older than the old connection's last one cannot belong to a new connection",
        ),
        afterReset,
      ],
    },
    "lower-newer-timestamp": {
      summary: "a lower number with a timestamp that is newer",
      setup: setup({ sequence: BELOW, clock: LATER, isRepeated: false }),
      exact: [
        waited,
        answered(
          "SYN-ACK",
          "the timestamps distinguish old segments from new ones, whatever their numbers are",
        ),
        accepted,
      ],
    },
  },
});
