import {
  atLeast,
  callsEnded,
  counterMoved,
  counterStill,
  exactly,
  fact,
  mark,
  quantity,
  recvBytes,
  segmentsSeen,
  setupOf,
  type Bound,
  type ExactExpectation,
  type PeerSegment,
  type PeerStep,
  type Setup,
  type TcpFlag,
} from "../../harness/experiment.ts";

const READY = "the server is ready";
const windowBytes = 10_000;
const withinMs = 5000;

/**
 * Bytes that the connection sends first, bytes of the late segment, and bytes that the connection itself sends next under the same
 * numbers.
 */
const FIRST = 47;
const LATE = 97;
const OWN = 23;
/** Where both begin. */
const NUMBER = 1 + FIRST;
/** Milliseconds of a clock that only the script knows. */
const OLD = 400_000;
const NOW = 500_000;
/** The number of the second connection's SYN: with it the first bytes end at the same number. */
const SECOND = 10;

type Clock = number | null;

function send(flags: TcpFlag[], clock: Clock, more: Partial<PeerSegment> = {}): PeerStep {
  const options =
    clock === null
      ? {}
      : { options: { timestamps: { value: clock, echo: flags.includes("ACK") ? ("latest" as const) : 0 } } };
  return { send: { flags, windowBytes, ...options, ...more } };
}

const answered: PeerStep = { await: { flags: ["SYN", "ACK"] }, withinMs };
const acknowledged: PeerStep = { await: { flags: ["ACK"], without: ["SYN", "RST"] }, withinMs };

/** A connection that has sent this many bytes. */
function begun(clock: Clock, sequence: number, bytes: number): PeerStep[] {
  return [
    send(["SYN"], clock, { sequence }),
    answered,
    send(["PSH", "ACK"], clock, { payloadBytes: bytes }),
    acknowledged,
  ];
}

const late = (clock: Clock): PeerStep =>
  send(["PSH", "ACK"], clock, { sequence: NUMBER, payloadBytes: LATE });

/** Its own bytes under the late segment's numbers, and a FIN that fits whichever of the two was accepted. */
function own(clock: Clock): PeerStep[] {
  return [
    send(["PSH", "ACK"], clock, { sequence: NUMBER, payloadBytes: OWN }),
    acknowledged,
    send(["FIN", "ACK"], clock, { sequence: NUMBER + OWN }),
    send(["FIN", "ACK"], clock, { sequence: NUMBER + LATE }),
  ];
}

function setup(steps: PeerStep[], timestamps: "0" | "1", server: string[], incoming: number): Setup {
  return setupOf({
    hosts: {
      server: {
        "net.ipv4.tcp_timestamps": timestamps,
        "net.ipv4.tcp_invalid_ratelimit": "0",
        "net.ipv4.tcp_syncookies": "1",
      },
    },
    links: [
      {
        kind: "wire",
        peer: { host: "client", connections: 1, port: 40_001, to: 8080, steps: [{ after: READY }, ...steps] },
      },
    ],
    servers: {
      server: ["clients/calls", "listen 8080 4", "accept", `recv ${FIRST}`, "recv end", ...server, "stay"],
    },
    phases: {
      load: { until: { counter: "TcpInSegs", host: "server", atLeast: incoming }, withinMs: 15_000 },
      drain: { elapsedMs: 600 },
    },
    interventions: [mark(READY, { elapsedMs: 0 })],
    everyMs: { sockets: 100, counters: 100 },
  });
}

/** Bytes that the server's program read after the first ones: the result of its last call. */
const bytesRead = (bound: Bound, because: string): ExactExpectation =>
  quantity("bytes that the program reads after the first ones", recvBytes("server", "last"), bound).because(
    because,
  );

const dropped = counterMoved({ counter: "TcpExtPAWSEstab", host: "server" }, atLeast(1));
const reset = callsEnded({ program: "server", call: "recv" }, "ECONNRESET", atLeast(1));
const oneReset = segmentsSeen({ from: "client", flags: ["RST"] }, exactly(1));

export const experiment = fact({
  id: "old-timestamp",
  title: "A segment with the right numbers and an old timestamp",
  question: "Which old segments do timestamps keep out of a connection, and which not?",
  tags: ["timestamps", "sequence-numbers", "wire"],
  variants: {
    data: {
      summary: "bytes whose number is expected, and whose timestamp is older than the connection's last",
      setup: setup([...begun(NOW, 0, FIRST), late(OLD), acknowledged, ...own(NOW)], "1", [], 6),
      exact: [
        dropped.because(
          "a segment that is older than the latest in order is dropped before its number is checked",
        ),
        bytesRead(exactly(OWN), "the connection goes on with its own bytes"),
      ],
    },
    "data-no-timestamps": {
      summary: "bytes whose number is expected, where segments carry no timestamps",
      setup: setup([...begun(null, 0, FIRST), late(null), acknowledged, ...own(null)], "0", [], 6),
      exact: [
        counterStill({ counter: "TcpExtPAWSEstab", host: "server" }).because("there is nothing to compare"),
        bytesRead(exactly(LATE), "the number is the expected one: nothing shows that the segment is old"),
      ],
    },
    reset: {
      summary: "a RST whose number is expected, and whose timestamp is older",
      setup: setup([...begun(NOW, 0, FIRST), send(["RST"], OLD, { sequence: NUMBER })], "1", [], 3),
      exact: [
        oneReset.because("the late one, and no other"),
        reset.because("a RST is accepted by its number alone, whatever its timestamp is"),
      ],
    },
    "former-connection": {
      summary: "bytes and a RST of a connection that is over, for the next one between the same ports",
      setup: setup(
        [
          ...begun(OLD, 0, FIRST),
          // The end of the former connection; the network holds a copy of its RST, and of bytes that it had sent.
          send(["RST"], OLD, { sequence: NUMBER }),
          ...begun(NOW, SECOND, FIRST - SECOND),
          late(OLD),
          acknowledged,
          send(["RST"], OLD, { sequence: NUMBER }),
        ],
        "1",
        ["close", "accept", `recv ${FIRST - SECOND}`, "recv end"],
        7,
      ),
      exact: [
        dropped.because("the new SYN brought a timestamp that no segment of the former connection can have"),
        bytesRead(exactly(0), "no byte of the former connection is accepted"),
        callsEnded({ program: "server", call: "recv" }, "ECONNRESET", exactly(2)).because(
          "the copy of the RST ends the second connection, too: its number is exactly the next one",
        ),
      ],
    },
  },
});
