import {
  atLeast,
  attemptsOk,
  awaitsNoClient,
  descriptorsLeft,
  exampleRows,
  exactly,
  failureMode,
  outcomes,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  socketSeries,
  socketsStay,
  standingQueues,
  type Answer,
  type Evidence,
  type Setup,
  type StandingQueue,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Clients that ask for a page, after the one that says nothing. */
const CLIENTS = 23;
const PATIENCE_MS = 2600;

function setup(program: string): Setup {
  return setupOf({
    hosts: { server: { "net.core.somaxconn": "4096" } },
    servers: { server: { run: `python3 {here}/${program}.py 8080`, listens: 8080 } },
    clients: {
      // A browser that connects ahead.
      silent: ["clients/calls", "connect {server}:8080", "stay"],
      load: `clients/short-http --to {server}:8080 --attempts ${CLIENTS} --concurrency ${CLIENTS} --timeout-ms ${PATIENCE_MS} --at-signal`,
    },
    phases: [
      { name: "load", until: { all: [{ exited: ["load"] }, { elapsedMs: PATIENCE_MS }] } },
      { name: "drain", until: { elapsedMs: 200 } },
    ],
    interventions: [
      {
        name: "the others come",
        phase: "load",
        // Time for the server to accept the first connection.
        when: {
          all: [
            { ready: ["load"] },
            {
              heldForMs: 300,
              condition: {
                sockets: { host: "server", state: "ESTABLISHED", side: "listener", port: 8080 },
                atLeast: 1,
              },
            },
          ],
        },
        do: { signal: "SIGCONT", program: "load" },
      },
    ],
    tcpInfo: true,
  });
}

const silent = {
  state: "ESTABLISHED",
  side: "listener",
  owner: ["listener", "process", "shared"],
  exchanged: ["nothing", "sent"],
} as const;
const waiting = {
  host: "server",
  port: 8080,
  state: "ESTABLISHED",
  side: "listener",
  owner: "none",
  receiveQueue: "holding",
} as const;

/**
 * Whether one connection of a listener, and only one, was accepted and has never received a byte, while the listener's queue stands and the
 * processes that hold it sleep; not if each of their threads is known to sleep in a call that has nothing to do with a connection.
 */
function waitsForOnePeer(evidence: Evidence, { host, port, fromUs, toUs, pids }: StandingQueue): boolean {
  const { points } = socketSeries(evidence, { host, port, ...silent }).window(fromUs, toUs);
  const states = samplesOf(evidence, "processes", host)
    .filter(({ atUs }) => atUs >= fromUs && atUs <= toUs)
    .flatMap(({ processes }) => processes.filter(({ pid }) => pids.includes(pid)))
    .map(({ state }) => state);
  const isOne = points.length > 0 && points.every(({ value }) => value === 1);
  if (!isOne || states.some((state) => state !== "S")) return false;
  const holders = exampleRows(evidence, { host, port, ...silent }).flatMap((row) => row.pids);
  return !awaitsNoClient(evidence, { host, pids: [...pids, ...holders], fromUs, toUs });
}

function isBlocked(evidence: Evidence): Answer {
  const standing = standingQueues(evidence, { least: 3, forMs: 1500 });
  const blocked = standing.find((queue) => waitsForOnePeer(evidence, queue));
  if (blocked === undefined) {
    const count =
      standing.length === 0 ? "no queue" : "a queue, without one silent peer and a sleeping process,";
    return { holds: false, observed: `${count} stood still so long` };
  }
  const { port, queue, fromUs, toUs, pids } = blocked;
  const [peer] = exampleRows(evidence, { port, ...silent });
  return {
    holds: true,
    observed: `${queue} connections waited at port ${port} and none was accepted for ${((toUs - fromUs) / 1e6).toFixed(2)} s; pid ${pids.join(", ")} slept (state S), and ${peer?.remote ?? "its one peer"} has sent it nothing`,
  };
}

export const experiment = failureMode({
  id: "silent-client-blocks-acceptor",
  title: "One client that says nothing, and all others wait for it",
  question: "How can a client that sends nothing keep all others from being served?",
  tags: ["accept-queue", "http", "python"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "Python's HTTPServer: the next connection is accepted when the one before is done",
      setup: setup("buggy"),
      exact: [
        outcomes({ program: "load" }, "response timeout", exactly(CLIENTS)).because(
          "the kernel has connected them, and the only thread waits for the silent client's request",
        ),
        socketsStay({ host: "server", port: 8080, ...silent, owner: "listener" }, exactly(1), {
          forMs: 2000,
        }).because("the silent client's connection is the only one that was accepted"),
        socketsStay(waiting, exactly(CLIENTS), { forMs: 2000 }).because(
          "accept() is called again when the handler returns",
        ),
      ],
    },
    fixed: {
      summary: "ThreadingHTTPServer: a thread for each connection",
      setup: setup("fixed"),
      exact: [
        attemptsOk({ program: "load" }, exactly(CLIENTS)).because(
          "only its own thread waits for the silent client",
        ),
        socketsStay({ host: "server", port: 8080, ...silent, owner: "listener" }, atLeast(1), {
          forMs: 2000,
        }).because("it is connected as before, and harms nobody"),
      ],
    },
    "fixed-by-timeout": {
      summary: "HTTPServer, with a limit of 1 s for the next request",
      setup: setup("fixed-by-timeout"),
      exact: [
        attemptsOk({ program: "load" }, exactly(CLIENTS)).because(
          "the silent client is closed after a second",
        ),
        socketsAtEndOf("drain", { host: "client", state: "CLOSE-WAIT", port: 8080 }, exactly(1)).because(
          "the server has closed the silent client's connection",
        ),
      ],
    },
  },
  symptom: [
    {
      claim:
        "3 or more connections wait for 1.5 s in an accept queue, none is accepted, and the process sleeps beside one silent peer",
      because:
        "a process that sleeps, accepts nobody and has one peer from which it has received nothing waits for that peer",
      needs: ["listeners", "sockets", "processes"],
      test: isBlocked,
    },
    socketsStay(silent, atLeast(1), { forMs: 1500 }).because(
      "the peer that holds it up: it was accepted, and has never sent a byte",
    ),
    descriptorsLeft({}, atLeast(1)).because("a process without descriptors cannot accept: connection-limits"),
  ],
  explains: {
    "close-wait-never-accepted": {
      because: "a client that gives up leaves its connection in the queue, from which nobody takes it",
    },
    "accept-queue-overflow": { because: "nobody takes a connection out of the queue" },
    "phantom-established": { because: "nobody takes a connection out of the queue" },
  },
  overlaps: {},
});
