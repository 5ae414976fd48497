import {
  acceptQueueNeverFull,
  areLasting,
  atLeast,
  counterMoved,
  exactly,
  failureMode,
  mostOpenedInTurn,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  type Answer,
  type Setup,
  type Sockets,
  type SymptomExpectation,
  type TcpInfoExcerpt,
  type View,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const ATTEMPTS = 11;
/** How long the connections must be idle. */
const IDLE_MS = 1500;
/** A connection of a load has been used, and is gone, within less. */
const OLD_MS = 500;
/** Connections that a program needs at once are opened faster, one after another within milliseconds. */
const SPACING_MS = 10;

function setup(client: string): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: "abandoned-connection/slow-greeting --port 8080" },
    clients: { client: `${client} --to {server}:8080` },
    phases: [
      { name: "load", until: { counter: "TcpActiveOpens", host: "client", atLeast: ATTEMPTS } },
      // The last greeting comes 600 ms after its connection.
      { name: "drain", until: { elapsedMs: 2700 } },
    ],
    everyMs: { sockets: 200, listeners: 500, counters: 100, processes: 250 },
    tcpInfo: true,
  });
}

const idle = {
  state: "ESTABLISHED",
  side: "connector",
  owner: "process",
  receiveQueue: "empty",
  sendQueue: "empty",
  timer: ["none", "keepalive"],
} as const satisfies Sockets;

/** Whether the program has never sent anything; and nothing arrives any more. Before Linux 4.19 the SYN counts among bytesAcked. */
function neverAsked({ bytesSent, bytesAcked, lastDataReceivedMs }: TcpInfoExcerpt): boolean {
  return (bytesSent ?? Math.max(0, bytesAcked - 1)) === 0 && lastDataReceivedMs >= 500;
}

/** Connections of a load that has only just begun them are none of these: they come and go. */
function areForgotten(infos: TcpInfoExcerpt[]): boolean {
  return infos.every(neverAsked) && infos.some(({ lastDataSentMs }) => lastDataSentMs >= OLD_MS);
}

function isForgotten(view: View): Answer {
  const found = mostOpenedInTurn(view, idle, areForgotten, SPACING_MS);
  if (found === null) return { holds: false, observed: "no process has such connections" };
  if (found === "unknown")
    return { holds: null, observed: "it was not recorded what was sent on them (tcpInfo)" };
  const { pid, remote, count, fromMs, toMs } = found;
  if (!areLasting(view, pid)) {
    return { holds: false, observed: `the connections of pid ${pid} to ${remote} come and go` };
  }
  const ages = `${(fromMs / 1000).toFixed(1)} to ${(toMs / 1000).toFixed(1)} s`;
  return {
    holds: count >= 5,
    observed: `pid ${pid} had opened ${count} connections to ${remote}, ${ages} ago, and never sent anything on them`,
  };
}

const forgotten: SymptomExpectation = {
  claim:
    "one process holds at least 5 connections to one address on which it has never sent anything, and which it opened one after another",
  because:
    "a pool has asked something on each of its connections, and one that connects ahead opens them together; these are attempts that were given up",
  needs: ["sockets"],
  test: isForgotten,
};

const opened = counterMoved({ host: "client", counter: "TcpActiveOpens" }, exactly(ATTEMPTS)).because(
  "the greeting comes later than the client waits, so every attempt fails",
);

const healthy = acceptQueueNeverFull({ host: "server" }).because(
  "the server accepts at once: it is slow to greet, and nothing else",
);

export const experiment = failureMode({
  id: "abandoned-connection",
  title: "A connect timeout that forgets the connection",
  question: "What becomes of a connection whose attempt has timed out in the program?",
  tags: ["timeout", "descriptors", "client", "pool"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "when the timer wins the race, nobody closes the connection",
      setup: setup("abandoned-connection/buggy"),
      exact: [
        opened,
        socketsAtEndOf(
          "drain",
          { host: "client", ...idle, port: 8080, exchanged: "received" },
          exactly(ATTEMPTS),
        ).because("a promise that lost a race is forgotten, and its socket is not: the event loop holds it"),
        socketsStay(
          {
            host: "server",
            state: "ESTABLISHED",
            side: "listener",
            port: 8080,
            owner: "listener",
            exchanged: "sent",
          },
          exactly(ATTEMPTS),
          { forMs: IDLE_MS },
        ).because("for the server these are clients that take their time"),
        healthy,
      ],
    },
    fixed: {
      summary: "when the timer wins the race, the connection is destroyed",
      setup: setup("abandoned-connection/fixed"),
      exact: [
        opened,
        socketsAtEndOf("drain", { state: "ESTABLISHED" }, exactly(0)).because(
          "each attempt ends with its connection",
        ),
        socketsAtEndOf(
          "drain",
          { host: "client", state: "TIME-WAIT", port: 8080 },
          exactly(ATTEMPTS),
        ).because("the client closed first, and the server in turn"),
        healthy,
      ],
    },
  },
  symptom: [
    socketsStay(idle, atLeast(5), { forMs: IDLE_MS }).because(
      "the connections are up at both ends, and nothing goes over them",
    ),
    forgotten,
  ],
  overlaps: {},
});
