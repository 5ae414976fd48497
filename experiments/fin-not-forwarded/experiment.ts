import {
  atLeast,
  attemptsOk,
  exactly,
  failureMode,
  outcomes,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  socketsStay,
  type Answer,
  type Setup,
  type SocketExample,
  type Sockets,
  type SocketsSample,
  type SymptomExpectation,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const CLIENTS = 47;
/** How long a client waits for the end of its connection. */
const PATIENCE_MS = 2500;
const STAY_MS = 1500;
/** bytes_received counts a FIN as a byte: tcp_rcv_nxt_update() in net/ipv4/tcp_input.c is given the end of the segment. */
const FIN = 1;

function setup(program: string): Setup {
  return setupOf({
    // TIME-WAIT is counted: no port may be used again.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    hosts: { client: {}, server: {}, backend: {} },
    links: [
      { kind: "direct", between: ["client", "server"] },
      { kind: "direct", between: ["server", "backend"] },
    ],
    servers: {
      backend: { run: "python3 {here}/backend.py 9090", host: "backend", listens: 9090 },
      server: { run: `python3 {here}/${program}.py 8080 {backend}:9090`, listens: 8080 },
    },
    clients: {
      load: `clients/short-tcp --to {server}:8080 --attempts ${CLIENTS} --concurrency ${CLIENTS} --close server --timeout-ms ${PATIENCE_MS}`,
    },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 500 } },
    tcpInfo: true,
  });
}

/** Nothing is under way over such a connection, and nothing in the kernel will end it. */
const quiet = {
  receiveQueue: "empty",
  sendQueue: "empty",
  timer: ["none", "keepalive"],
} as const satisfies Sockets;
const finished = {
  state: "CLOSE-WAIT",
  side: "connector",
  owner: "process",
  ...quiet,
} as const satisfies Sockets;
const waiting = {
  state: "ESTABLISHED",
  side: "listener",
  owner: "listener",
  exchanged: "both",
  ...quiet,
} as const;

/** The recorded sockets of a look that are selected. */
function rows({ groups }: SocketsSample, which: typeof finished | typeof waiting): SocketExample[] {
  return groups
    .filter(
      ({ state, side, owner, receiveQueue, sendQueue }) =>
        state === which.state &&
        side === which.side &&
        owner === which.owner &&
        receiveQueue === "empty" &&
        sendQueue === "empty",
    )
    .flatMap(({ examples }) => examples);
}

interface Passed {
  pid: number;
  bytes: number;
  remote: string;
}

/** A finished connection and a waiting one of the same process, the second of which has sent exactly what the first has received. */
function passedOn(look: SocketsSample): Passed | "unknown" | null {
  let isUnknown = false;
  for (const from of rows(look, finished)) {
    for (const to of rows(look, waiting)) {
      const pid = from.pids[0];
      if (pid === undefined || !to.pids.includes(pid)) continue;
      const [received, sent] = [from.tcpInfo?.bytesReceived, to.tcpInfo?.bytesAcked];
      if (received === undefined || sent === undefined) isUnknown = true;
      else if (sent > 0 && received - FIN === sent) return { pid, bytes: sent, remote: from.remote };
    }
  }
  return isUnknown ? "unknown" : null;
}

function isForwarder(view: View): Answer {
  const found = samplesOf(view, "sockets").flatMap((look) => passedOn(look) ?? []);
  const passed = found.find((one) => one !== "unknown");
  if (passed !== undefined) {
    const { pid, bytes, remote } = passed;
    return {
      holds: true,
      observed: `pid ${pid} got ${bytes} bytes from ${remote}, and sent as many to a client`,
    };
  }
  if (found.length > 0)
    return { holds: null, observed: "it was not recorded what was sent over them (tcpInfo)" };
  return { holds: false, observed: "no such two connections" };
}

const forwards: SymptomExpectation = {
  claim:
    "one process has both, and what it received over a connection that the other end has finished, it has sent over one that still stands",
  because: "it copies bytes from one to the other: everything was handed on, and the end of it was not",
  needs: ["sockets"],
  test: isForwarder,
};

export const experiment = failureMode({
  id: "fin-not-forwarded",
  title: "A forwarder that passes on the answer, and not its end",
  question: "What waits for what, if a forwarder keeps the backend's FIN to itself?",
  tags: ["proxy", "close-wait", "half-close", "python"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "end-of-file ends a loop of the forwarder, and nobody else is told",
      setup: setup("buggy"),
      exact: [
        outcomes({ program: "load" }, "close timeout", exactly(CLIENTS)).because(
          "the client has its answer, and waits for the end of the connection in vain",
        ),
        socketsStay({ host: "server", ...finished, port: 9090, exchanged: "both" }, exactly(CLIENTS), {
          forMs: STAY_MS,
        }).because("the forwarder has read end-of-file, and closes when the client has finished, too"),
        socketsStay({ host: "server", ...waiting, port: 8080 }, exactly(CLIENTS), { forMs: STAY_MS }).because(
          "the answer was acknowledged, and neither end has sent a FIN",
        ),
        socketsStay({ host: "client", state: "ESTABLISHED", port: 8080 }, exactly(CLIENTS), {
          forMs: STAY_MS,
        }).because("the client waits for a FIN that this forwarder has already got from the backend"),
        socketsAtPeak({ host: "backend", state: "FIN-WAIT-2", port: 9090 }, exactly(CLIENTS)).because(
          "the forwarder's kernel has acknowledged the backend's FIN, and has none to send",
        ),
        socketsAtEndOf("drain", { host: "server", state: ["ESTABLISHED", "CLOSE-WAIT"] }, exactly(0)).because(
          "the clients gave up: their FINs were what the forwarder waited for, and it closed everything",
        ),
      ],
    },
    fixed: {
      summary: "end-of-file of one connection is a shutdown() of the other",
      setup: setup("fixed"),
      exact: [
        attemptsOk({ program: "load" }, exactly(CLIENTS)).because("the FIN arrives right behind the answer"),
        socketsAtEndOf("drain", { host: "server", state: ["ESTABLISHED", "CLOSE-WAIT"] }, exactly(0)).because(
          "both directions of both connections have ended",
        ),
        socketsAtEndOf(
          "drain",
          { host: "backend", state: "TIME-WAIT", port: 9090 },
          exactly(CLIENTS),
        ).because("the backend closed first"),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "TIME-WAIT", side: "listener", port: 8080 },
          exactly(CLIENTS),
        ).because("toward the client the forwarder closed first, in the backend's stead"),
      ],
    },
  },
  symptom: [
    socketsStay(finished, atLeast(5), { forMs: STAY_MS }).because(
      "a process has read the end of connections that it made, and does not close them",
    ),
    socketsStay(waiting, atLeast(5), { forMs: STAY_MS }).because(
      "clients that have sent and received, and neither they nor the process has closed",
    ),
    forwards,
  ],
  overlaps: {},
});
