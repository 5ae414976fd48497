import {
  attemptsOk,
  exactly,
  fact,
  neverSeen,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  type ExactExpectation,
  type Setup,
  type ShortSetup,
  type Sockets,
} from "../../harness/experiment.ts";
import { signs } from "./signs.ts";

const CLIENTS = 23;
/** How long the server works on an answer, and how long that must be seen. */
const WORK_MS = 2500;
const STAY_MS = 1500;

const words = (port: number): string => `half-closed-and-waiting/server --port ${port} --work-ms ${WORK_MS}`;

const rest: ShortSetup = {
  // TIME-WAIT is counted: no port may be used again.
  sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
  clients: { client: `half-closed-and-waiting/client --to {server}:8080 --connections ${CLIENTS}` },
  phases: { load: { exited: ["client"] }, drain: { elapsedMs: 300 } },
  tcpInfo: true,
};

function direct(): Setup {
  return setupOf({ ...rest, servers: { server: words(8080) } });
}

function forwarded(): Setup {
  return setupOf({
    ...rest,
    links: [
      { kind: "direct", between: ["client", "server"] },
      { kind: "direct", between: ["server", "backend"] },
    ],
    servers: {
      backend: { run: words(9090), host: "backend" },
      server: "half-closed-and-waiting/forwarder --port 8080 --to {backend}:9090",
    },
  });
}

/** Everything was read and everything written, and no timer runs. */
const quiet = { timer: "none", receiveQueue: "empty", sendQueue: "empty" } as const;
const asked = {
  state: "CLOSE-WAIT",
  side: "listener",
  owner: "listener",
  exchanged: "received",
  ...quiet,
} as const;
const waits = {
  state: "FIN-WAIT-2",
  side: "connector",
  owner: "process",
  exchanged: "sent",
  ...quiet,
} as const;

const stay = (which: Sockets, because: string): ExactExpectation =>
  socketsStay(which, exactly(CLIENTS), { forMs: STAY_MS }).because(because);

/** What the answers leave behind, at every host. */
const answered: ExactExpectation[] = [
  attemptsOk({ program: "client" }, exactly(CLIENTS)).because(
    "a direction that has ended takes nothing from the other one",
  ),
  socketsAtEndOf("drain", { state: ["CLOSE-WAIT", "LAST-ACK"] }, exactly(0)).because(
    "close() follows the answer, and the last ACK follows its FIN",
  ),
  socketsAtEndOf(
    "drain",
    { host: "client", state: "TIME-WAIT", side: "connector", port: 8080 },
    exactly(CLIENTS),
  ).because("the client's FIN came first"),
];

export const experiment = fact({
  id: "half-closed-and-waiting",
  title: "CLOSE-WAIT of a server that is at work",
  question:
    "What does a healthy server show while clients that have ended their request wait for the answer?",
  tags: ["close-wait", "half-close", "proxy", "healthy"],
  signs,
  variants: {
    direct: {
      summary: "the server works for 2.5 s, and then answers",
      setup: direct(),
      exact: [
        stay(
          { host: "server", port: 8080, ...asked },
          "the end that got a FIN is in CLOSE-WAIT until it closes, and it owes an answer first",
        ),
        stay(
          { host: "client", port: 8080, ...waits },
          "a FIN-WAIT-2 that a process holds has no timer: the wait may be as long as the work",
        ),
        ...answered,
      ],
    },
    forwarded: {
      summary: "a forwarder is in between, and passes on every end-of-file",
      setup: forwarded(),
      exact: [
        stay(
          { host: "server", port: 8080, ...asked },
          "the forwarder has the client's FIN, and nothing yet to answer with",
        ),
        stay(
          { host: "server", port: 9090, ...waits },
          "it has passed the FIN on, and waits for the backend as the client waits for it",
        ),
        stay({ host: "backend", port: 9090, ...asked }, "here is the work"),
        neverSeen({ host: "server", state: "CLOSE-WAIT", side: "connector" }).because(
          "the backend's FIN comes behind its answer, when the other direction has long ended",
        ),
        ...answered,
      ],
    },
  },
});
