import {
  answersElsewhere,
  atLeast,
  attemptsOk,
  counterMoved,
  exactly,
  failureMode,
  mostReckoned,
  outcomes,
  quantity,
  samplesOf,
  segmentsSeen,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  type Evidence,
  type ExactExpectation,
  type Recording,
  type Setup,
  type SocketExample,
  type SocketsSample,
  type Sockets,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Connections of the pool. */
const POOL = 11;
/** After how long the middlebox forgets a connection, how long the pool is idle, and how long it waits for an answer. */
const FORGOTTEN_MS = 1500;
const PAUSE_MS = 1700;
const PATIENCE_MS = 3600;
const STAY_MS = 1500;
/** Repetitions without an answer: after the third a second and a half has gone by. */
const REPEATED = 3;
/** How long such a connection was idle before. In life it is minutes. */
const IDLE_MS = 1000;
/** The service is there if it has answered on another connection within this time. */
const ANSWERS_MS = 1000;

function setup(client: string): Setup {
  return setupOf({
    links: [
      {
        kind: "wire",
        rules: [{ name: "forgotten", match: { idleForMs: FORGOTTEN_MS }, do: { drop: true } }],
      },
    ],
    servers: { server: "close-wait-leak/fixed --port 8080" },
    clients: {
      pool: `nat-idle-eviction/${client} --to {server}:8080 --connections ${POOL} --pause-ms ${PAUSE_MS} --timeout-ms ${PATIENCE_MS}`,
      // In every variant the path is the same: this asks it.
      probe: [
        "clients/calls",
        "connect {server}:8080",
        "send 97",
        `wait ${FORGOTTEN_MS + 200}`,
        "send 97",
        "wait 300",
        "set SO_LINGER 0",
        "close",
      ],
    },
    phases: { load: { exited: ["pool", "probe"] }, drain: { elapsedMs: 200 } },
    tcpInfo: true,
  });
}

/** Something was written at the connecting end, and nothing of it is acknowledged. */
const unanswered = {
  state: "ESTABLISHED",
  side: "connector",
  owner: ["process", "shared"],
  sendQueue: "holding",
  timer: "on",
} as const satisfies Sockets;

/**
 * Whether a socket repeats what was written after a time without traffic, while its peer answers on another connection. The n-th repetition
 * has doubled the timeout n times, so the wait began twice the present timeout ago, less the first timeout and what is still to come.
 */
function wasForgotten(row: SocketExample, look: SocketsSample): boolean | null {
  const { retransmits, timerMs, tcpInfo } = row;
  if (retransmits < REPEATED) return false;
  if (tcpInfo === undefined) return null;
  const { rtoUs, lastDataReceivedMs, sacked = 0, bytesReceived } = tcpInfo;
  const waitsMs = (2 * rtoUs - rtoUs / 2 ** retransmits) / 1000 - timerMs;
  const isIdle = bytesReceived > 0 && lastDataReceivedMs - waitsMs >= IDLE_MS;
  return isIdle && sacked === 0 && answersElsewhere(look, row, ANSWERS_MS);
}

const forgotten = (evidence: Evidence): number | null => mostReckoned(evidence, unanswered, wasForgotten);

const path: ExactExpectation[] = [
  segmentsSeen({ from: "client", payload: "some", rule: "forgotten" }, atLeast(1)).because(
    "the path is the same in every variant: it carries nothing more over a connection that was idle for 1.5 s",
  ),
  quantity(
    "answers on the connection that is always in use",
    {
      needs: ["report"],
      of: (recording: Recording) =>
        samplesOf(recording, "report").filter(({ report }) => report["kind"] === "beat").length,
    },
    atLeast(11),
  ).because("there is traffic, so the middlebox remembers it"),
];

const all = attemptsOk({ program: "pool" }, exactly(2 * POOL));

export const experiment = failureMode({
  id: "nat-idle-eviction",
  title: "A middlebox that forgets idle connections",
  question: "What becomes of a connection that NAT, a firewall or a load balancer has forgotten?",
  tags: ["nat", "keep-alive", "pool", "retransmission", "wire"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "a pool without keep-alive probes and without an idle limit",
      setup: setup("buggy"),
      exact: [
        ...path,
        outcomes({ program: "pool" }, "response timeout", exactly(POOL)).because(
          "the request does not reach the service, and no RST says so",
        ),
        socketsStay({ host: "client", port: 8080, ...unanswered }, exactly(POOL), { forMs: STAY_MS }).because(
          "the kernel knows of no idle time: it repeats the request as it would in congestion",
        ),
        socketsAtEndOf(
          "drain",
          { host: "server", port: 8080, state: "ESTABLISHED", side: "listener", timer: "none" },
          atLeast(POOL),
        ).because("no FIN and no RST gets through to the service either"),
        segmentsSeen({ from: "server", rule: "forgotten", untilEnd: true }, exactly(0)).because(
          "the service has nothing to send, and so never learns of it",
        ),
      ],
    },
    fixed: {
      summary: "keep-alive probes after each second without traffic",
      setup: setup("fixed"),
      exact: [
        ...path,
        all.because("probe and answer are traffic, and the middlebox remembers the connection"),
        counterMoved({ host: "client", counter: "TcpExtTCPKeepAlive" }, atLeast(POOL)).because(
          "each connection of the pool sends at least one in the pause",
        ),
      ],
    },
    "fixed-by-idle-limit": {
      summary: "the pool closes connections that were idle for a second",
      setup: setup("fixed-by-idle-limit"),
      exact: [
        ...path,
        all.because("the second request goes over a new connection"),
        counterMoved({ host: "client", counter: "TcpActiveOpens" }, exactly(2 * POOL + 2)).because(
          "the pool connects twice for each, and there are the busy connection and the probe",
        ),
      ],
    },
  },
  symptom: [
    socketsStay(unanswered, atLeast(1), { forMs: STAY_MS }).because(
      "something was written, and nothing of it is acknowledged",
    ),
    quantity(
      `connections that repeated themselves ${REPEATED} times after ${IDLE_MS / 1000} s without traffic, to a peer that answers on another one`,
      { needs: ["sockets"], of: forgotten },
      // A recording keeps only examples of the sockets, a reference recording very few.
      atLeast(1),
    ).because("the peer is there, and would answer a connection that it does not know with RST"),
  ],
  overlaps: {},
});
