import {
  answeredMs,
  atLeast,
  atMost,
  callsEnded,
  counterMoved,
  counterStill,
  exactly,
  fact,
  quantity,
  segmentsRepeated,
  segmentsSeen,
  setupOf,
  synAckOf,
  synAckTakes,
  synOf,
  type ExactExpectation,
  type PacketSample,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";

const ONE_WAY_MS = 150;
const ROUND_TRIP_MS = 2 * ONE_WAY_MS;
/** What a busy machine can add to a time: less than a round trip. */
const LATE_MS = 280;
const ASKED = 97;
const ANSWERED = 47;

/** `second`: how the second connection is made, and to which port. */
function setup(...second: string[]): Setup {
  const serve = ["accept", `recv ${ASKED}`, `send ${ANSWERED}`, "close"];
  const ask = [`recv ${ANSWERED}`, "close"];
  const anotherKey = ["set TCP_FASTOPEN_KEY 7", "set TCP_FASTOPEN 16", "listen 8081 8"];
  return setupOf({
    sysctls: {
      // 1: may be used as a client; 2: as a server.
      "net.ipv4.tcp_fastopen": "3",
      "net.ipv4.tcp_fastopen_blackhole_timeout_sec": "0",
    },
    links: [{ kind: "wire", delayMs: ONE_WAY_MS }],
    servers: {
      server: ["clients/calls", "set TCP_FASTOPEN 16", "listen 8080 8", ...serve, ...serve, "stay"],
      "with another key": ["clients/calls", ...anotherKey, ...serve, "stay"],
    },
    clients: {
      client: {
        run: ["clients/calls", `sendto {server}:8080 ${ASKED}`, ...ask, ...second, ...ask],
        withinMs: 10_000,
      },
    },
    phases: { load: { exited: ["client"] }, drain: { elapsedMs: 500 } },
    everyMs: { sockets: 20, listeners: 500, counters: 500, processes: 1000 },
  });
}

const FIRST = 1;
const SECOND = 2;

function answered(connection: number, roundTrips: number, because: string): ExactExpectation[] {
  const which = connection === FIRST ? "first" : "second";
  const measured = {
    needs: ["report" as const],
    of: (recording: Recording) => answeredMs(recording, connection - 1),
  };
  const name = `ms from the ${which} connection's beginning to its answer`;
  return [
    quantity(name, measured, atLeast(roundTrips * ROUND_TRIP_MS)).because(because),
    quantity(name, measured, atMost(roundTrips * ROUND_TRIP_MS + LATE_MS)).because(
      "the client waits for nothing else",
    ),
  ];
}

/** What a SYN or SYN-ACK carries for Fast Open, in words. */
function carries(packet: PacketSample | undefined): string {
  if (packet === undefined) return "was not seen";
  const { fastOpenCookie } = packet.options;
  const cookie =
    fastOpenCookie === undefined
      ? "no cookie"
      : fastOpenCookie === ""
        ? "a request for a cookie"
        : "a cookie";
  return packet.payloadBytes === 0 ? cookie : `${cookie} and ${packet.payloadBytes} bytes`;
}

function segmentCarries(
  what: string,
  of: (recording: Recording) => PacketSample | undefined,
  wanted: string,
  because: string,
): ExactExpectation {
  return {
    claim: `${what} carries ${wanted}`,
    because,
    needs: ["packet"],
    test: (recording) => {
      const found = carries(of(recording));
      return { holds: found === wanted, observed: `it carries ${found}` };
    },
  };
}

function acknowledges(bytes: number, because: string): ExactExpectation {
  return quantity(
    "bytes that the second connection's SYN-ACK acknowledges",
    synAckTakes(SECOND),
    exactly(bytes),
  ).because(because);
}

const theFirst: ExactExpectation[] = [
  segmentCarries(
    "the first connection's SYN",
    (recording) => synOf(recording, FIRST),
    "a request for a cookie",
    "the client has none for this address yet",
  ),
  segmentCarries(
    "the first connection's SYN-ACK",
    (recording) => synAckOf(recording, FIRST),
    "a cookie",
    "the client asked for it; next time it proves that the client really has this address",
  ),
  ...answered(FIRST, 2, "one round trip for the handshake, and one for the request"),
];

const everything: ExactExpectation[] = [
  callsEnded({ program: "client", call: "recv" }, ANSWERED, exactly(2)).because("both are answered"),
  ...theFirst,
];

export const experiment = fact({
  id: "fast-open",
  title: "TCP Fast Open: data in the SYN",
  question: "What does it take to save a round trip, and what if the cookie is from another server?",
  tags: ["handshake", "fast-open", "wire"],
  variants: {
    plain: {
      summary: "the second connection is made by connect() and send()",
      setup: setup("connect {server}:8080", `send ${ASKED}`),
      exact: [
        segmentCarries(
          "the second connection's SYN",
          (recording) => synOf(recording, SECOND),
          "no cookie",
          "connect() sends no data, so it needs no cookie",
        ),
        ...answered(SECOND, 2, "as the first"),
        counterStill({ host: "server", counter: "TcpExtTCPFastOpenPassive" }).because("nobody used a cookie"),
        ...everything,
      ],
    },
    "with-cookie": {
      summary: "the second connection sends its data with the SYN, and the cookie",
      setup: setup(`sendto {server}:8080 ${ASKED}`),
      exact: [
        segmentCarries(
          "the second connection's SYN",
          (recording) => synOf(recording, SECOND),
          `a cookie and ${ASKED} bytes`,
          "the client kept the cookie of the first",
        ),
        acknowledges(ASKED, "the cookie is correct, and the data is accepted with the SYN"),
        ...answered(SECOND, 1, "the server reads and answers before the third segment comes"),
        counterMoved({ host: "client", counter: "TcpExtTCPFastOpenActive" }, exactly(1)).because(
          "data in one SYN was acknowledged by the SYN-ACK",
        ),
        counterMoved({ host: "server", counter: "TcpExtTCPFastOpenPassive" }, exactly(1)).because(
          "one connection was accepted by its cookie",
        ),
        segmentsRepeated({ from: "client" }, exactly(0)).because("nothing was lost"),
        ...everything,
      ],
    },
    "another-key": {
      summary: "the second connection goes to a server with the same address and another key",
      setup: setup(`sendto {server}:8081 ${ASKED}`),
      exact: [
        segmentCarries(
          "the second connection's SYN",
          (recording) => synOf(recording, SECOND),
          `a cookie and ${ASKED} bytes`,
          "the client keeps a cookie for an address, whatever the port",
        ),
        acknowledges(
          0,
          "the cookie is from another server: the data is not accepted, and the handshake goes on as usual",
        ),
        segmentCarries(
          "the second connection's SYN-ACK",
          (recording) => synAckOf(recording, SECOND),
          "a cookie",
          "this server's own cookie, for the next time",
        ),
        segmentsSeen({ connection: SECOND, from: "client", payload: "some" }, exactly(2)).because(
          "once in the SYN, and again because the SYN-ACK did not acknowledge it",
        ),
        ...answered(SECOND, 2, "nothing is saved, and nothing is lost"),
        counterMoved({ host: "client", counter: "TcpExtTCPFastOpenActiveFail" }, exactly(1)).because(
          "data in a SYN was not acknowledged",
        ),
        counterMoved({ host: "server", counter: "TcpExtTCPFastOpenPassiveFail" }, exactly(1)).because(
          "a cookie was wrong",
        ),
        callsEnded({ program: "with another key", call: "recv" }, ASKED, exactly(1)).because(
          "the program gets the bytes once",
        ),
        ...everything,
      ],
    },
  },
});
