import {
  atLeast,
  attempts,
  attemptsOk,
  counterStill,
  descriptorsLeft,
  exactly,
  failureMode,
  outcomeOf,
  outcomes,
  processStays,
  quantity,
  setupOf,
  socketsStay,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Clients that come at once, and keep their connections. */
const CLIENTS = 97;
/** Descriptors of the server: fewer than there are clients. */
const DESCRIPTORS = 61;
/** Of these, some are the runtime's own, and a few can have been inherited. */
const MOST_OWN = 23;
/** How long a client waits for an answer. Nobody who has one leaves before: that would make room for those who wait. */
const TIMEOUT_MS = 2000;
const HOLD_MS = 3000;
/** How long the loop must be seen. */
const SPIN_MS = 1000;

function setup(program: string): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: {
      server: { run: `python3 {here}/${program}.py 8080`, listens: 8080, nofile: DESCRIPTORS },
    },
    clients: {
      load: `clients/short-tcp --to {server}:8080 --attempts ${CLIENTS} --concurrency ${CLIENTS} --hold-ms ${HOLD_MS} --timeout-ms ${TIMEOUT_MS}`,
    },
    phases: [{ name: "load", until: { exited: ["load"] } }],
    everyMs: { sockets: 100, listeners: 100, counters: 250, processes: 100 },
  });
}

const served: ExactExpectation = attemptsOk({ program: "load" }, atLeast(DESCRIPTORS - MOST_OWN)).because(
  "there is a descriptor for each of these",
);

const exhausted = descriptorsLeft({ program: "server" }, exactly(0)).because(
  "every client keeps its connection, and each needs a descriptor",
);

const unseen = counterStill({ host: "server", counter: "TcpExtListenOverflows" }).because(
  "the queue has room: the kernel turns nobody away, and no counter of it moves",
);

const waiting = {
  host: "server",
  state: "ESTABLISHED",
  side: "listener",
  owner: "none",
  receiveQueue: "holding",
} as const;

/** Attempts that the server ended before an answer, in whatever way the client saw it. */
function turnedAway(recording: Recording): number {
  const ended = attempts(recording, { program: "load" }).map(outcomeOf);
  return ended.filter((outcome) => outcome !== "ok" && !outcome.includes("timeout")).length;
}

export const experiment = failureMode({
  id: "emfile-accept",
  title: "A server that spins because it has no descriptor for the next connection",
  question: "What does a server do with a connection that it cannot accept?",
  tags: ["descriptors", "accept-queue", "limits", "processor"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "EMFILE is ignored, and the listening socket is ready again at once",
      setup: setup("buggy"),
      exact: [
        served,
        exhausted,
        processStays({ program: "server" }, "busy", { forMs: SPIN_MS }).because(
          "readiness is level-triggered: the connection is still in the queue, so the wait for it never sleeps",
        ),
        socketsStay(waiting, atLeast(CLIENTS - DESCRIPTORS), { forMs: SPIN_MS }).because(
          "accept() fails before it takes the connection out of the queue",
        ),
        outcomes({ program: "load" }, "response timeout", atLeast(CLIENTS - DESCRIPTORS)).because(
          "for the client the server is there, and never answers",
        ),
        unseen,
      ],
    },
    fixed: {
      summary: "a descriptor in reserve: the connection is accepted and closed",
      setup: setup("fixed"),
      exact: [
        served,
        quantity(
          "attempts that the server turned away",
          { needs: ["attempt"], of: turnedAway },
          atLeast(CLIENTS - DESCRIPTORS),
        ).because(
          "close() answers what the client has sent with a RST, or ends the connection with a FIN: it learns at once that there is no room",
        ),
        processStays({ program: "server" }, "sleeping", { forMs: SPIN_MS }).because(
          "the queue is empty, and the server waits for the next client",
        ),
        outcomes({ program: "load" }, "response timeout", exactly(0)).because("nobody is left to wait"),
        unseen,
      ],
    },
    "fixed-by-pause": {
      summary: "a pause of 0.1 s after EMFILE: clients still wait, and the processor is free",
      setup: setup("fixed-by-pause"),
      exact: [
        served,
        exhausted,
        processStays({ program: "server" }, "sleeping", { forMs: SPIN_MS }).because(
          "ten attempts a second cost next to nothing",
        ),
        socketsStay(waiting, atLeast(CLIENTS - DESCRIPTORS), { forMs: SPIN_MS }).because(
          "the pause is no cure for the want of descriptors",
        ),
        unseen,
      ],
    },
  },
  symptom: [
    processStays({ holds: { state: "LISTEN" } }, "busy", { forMs: SPIN_MS }).because(
      "the process that should accept uses a processor",
    ),
    descriptorsLeft({ holds: { state: "LISTEN" } }, exactly(0)).because(
      "and it cannot: accept() needs a descriptor",
    ),
    socketsStay({ state: ["ESTABLISHED", "CLOSE-WAIT"], side: "listener", owner: "none" }, atLeast(1), {
      forMs: SPIN_MS,
    }).because("the connections that it cannot accept make the listening socket ready all the time"),
  ],
  explains: {
    "close-wait-never-accepted": {
      because: "a client that gives up leaves its connection in the queue, from which accept() takes nobody",
    },
    "accept-queue-overflow": { because: "accept() fails, so nobody takes a connection out of the queue" },
    "phantom-established": { because: "accept() fails, so nobody takes a connection out of the queue" },
  },
  overlaps: {},
});
