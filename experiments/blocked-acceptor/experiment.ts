import {
  atLeast,
  atMost,
  attemptsOk,
  awaitsNoClient,
  descriptorsLeft,
  exactly,
  exampleRows,
  failureMode,
  outcomes,
  processSeries,
  listenerPairs,
  quantity,
  samplesOf,
  socketSeries,
  setupOf,
  socketsStay,
  standingQueues,
  type Bound,
  type Evidence,
  type ExactExpectation,
  type Setup,
  type ShortProgram,
  type StandingQueue,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Clients of each server, which come while it works on the report. */
const CLIENTS = 23;
const PATIENCE_MS = 2800;

/** Three servers side by side, whose loops stand still for different reasons. */
const WAYS = { busy: 8080, waiting: 8081, stopped: 8082 } as const;
type Way = keyof typeof WAYS;
const ways = Object.keys(WAYS) as Way[];

function setup(program: string): Setup {
  return setupOf({
    hosts: { server: { "net.core.somaxconn": "4096" } },
    servers: Object.fromEntries(ways.map((way) => [way, `${program} --port ${WAYS[way]} --way ${way}`])),
    clients: Object.fromEntries(
      ways.flatMap((way): [string, ShortProgram][] => [
        [`report-${way}`, report(way)],
        [`load-${way}`, load(way)],
      ]),
    ),
    phases: [
      {
        name: "load",
        until: { all: [{ exited: ways.map((way) => `load-${way}`) }, { elapsedMs: PATIENCE_MS }] },
      },
      { name: "drain", until: { elapsedMs: 200 } },
    ],
    interventions: ways.map((way) => ({
      name: `the clients of ${way} come`,
      phase: "load",
      // Time for the server to accept the first connection, to read its request and to begin.
      when: {
        all: [
          { ready: [`load-${way}`] },
          {
            heldForMs: 500,
            condition: {
              sockets: { host: "server", state: "ESTABLISHED", side: "listener", port: WAYS[way] },
              atLeast: 1,
            },
          },
        ],
      },
      do: { signal: "SIGCONT", program: `load-${way}` },
    })),
    tcpInfo: true,
  });
}

function report(way: Way): { run: string[] } {
  const options = [
    "--attempts",
    "1",
    "--send",
    String.raw`report\n`,
    "--timeout-ms",
    "10000",
    "--hold-ms",
    "10000",
  ];
  return { run: ["clients/short-tcp", "--to", `{server}:${WAYS[way]}`, ...options] };
}

function load(way: Way): string {
  return `clients/short-tcp --to {server}:${WAYS[way]} --attempts ${CLIENTS} --concurrency ${CLIENTS} --timeout-ms ${PATIENCE_MS} --at-signal`;
}

const waiting = { state: "ESTABLISHED", side: "listener", owner: "none", receiveQueue: "holding" } as const;
const accepted = {
  state: "ESTABLISHED",
  side: "listener",
  owner: ["listener", "process", "shared"],
} as const;

/** The processor time in ms that a server used in all. */
const computed = (way: Way, bound: Bound, because: string): ExactExpectation =>
  quantity(
    `ms of processor time that ${way} used in the load`,
    {
      needs: ["processes"],
      of: (recording: Evidence) => {
        const { first, last } = processSeries(recording, { program: way }, "cpuMs").during("load");
        return first === null || last === null ? null : last.value - first.value;
      },
    },
    bound,
  ).because(because);

/** Listeners at which 3 or more connections wait for 2 s and none is accepted. */
const standing = (evidence: Evidence): StandingQueue[] => standingQueues(evidence, { least: 3, forMs: 2000 });

/** Whether nobody waits at another listener of the port while this queue stands: that is reuseport-zombie-listener. */
function hasIdleSibling(evidence: Evidence, { host, port, fromUs, toUs }: StandingQueue): boolean {
  return samplesOf(evidence, "listeners", host)
    .filter(({ atUs }) => atUs >= fromUs && atUs <= toUs)
    .some((look) => listenerPairs(look).some(([one, other]) => one.port === port && other.queue === 0));
}

/**
 * Whether exactly one connection of a listener was accepted and has never received a byte, all the time that its queue stands, and somebody
 * may wait for it.
 */
function hasSilentPeer(evidence: Evidence, { host, port, fromUs, toUs, pids }: StandingQueue): boolean {
  const silent = { host, port, ...accepted, exchanged: ["nothing", "sent"] } as const;
  const { points } = socketSeries(evidence, silent).window(fromUs, toUs);
  if (points.length === 0 || points.some(({ value }) => value !== 1)) return false;
  const holders = exampleRows(evidence, silent).flatMap((row) => row.pids);
  return !awaitsNoClient(evidence, { host, pids: [...pids, ...holders], fromUs, toUs });
}

export const experiment = failureMode({
  id: "blocked-acceptor",
  title: "A port that connects, and a program that never answers",
  question: "What is a port worth that connects at once, if the process behind it does not run its loop?",
  tags: ["accept-queue", "event-loop"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "three event loops that stand still: one computes, one waits for a program, one is stopped",
      setup: setup("blocked-acceptor/buggy"),
      exact: [
        ...ways.flatMap((way) => [
          outcomes({ program: `load-${way}` }, "response timeout", exactly(CLIENTS)).because(
            "connect() succeeds, because the kernel does it alone; an answer needs the program",
          ),
          socketsStay({ host: "server", port: WAYS[way], ...waiting }, exactly(CLIENTS), {
            forMs: 2000,
          }).because("only accept() gives a connection to a process"),
        ]),
        quantity(
          "listeners at which nobody is accepted for 2 s",
          { needs: ["listeners"], of: (recording: Evidence) => standing(recording).length },
          exactly(ways.length),
        ).because("Recv-Q of their LISTEN rows only grows: nobody calls accept()"),
        computed("busy", atLeast(700), "it computes, with all of a processor if it gets one"),
        computed("waiting", atMost(500), "it sleeps until the other program has ended"),
        computed("stopped", atMost(500), "a stopped process gets no processor"),
      ],
    },
    fixed: {
      summary:
        "the loops get their turns: in steps, with a callback, and with a script that always ends in SIGCONT",
      setup: setup("blocked-acceptor/fixed"),
      exact: ways.map((way) =>
        attemptsOk({ program: `load-${way}` }, exactly(CLIENTS)).because(
          "the loop accepts and reads meanwhile",
        ),
      ),
    },
  },
  symptom: [
    socketsStay(waiting, atLeast(3), { forMs: 2000 }).because(
      "connections with requests that no process holds: a healthy server accepts them at once",
    ),
    quantity(
      "listeners at which 3 or more connections wait for 2 s, none is accepted, and not one silent peer is the likely reason",
      {
        needs: ["listeners", "sockets"],
        of: (view: Evidence) =>
          standing(view).filter((queue) => !hasSilentPeer(view, queue) && !hasIdleSibling(view, queue))
            .length,
      },
      atLeast(1),
    ).because(
      "a slow server accepts one now and then; and one accepted peer that says nothing is silent-client-blocks-acceptor, unless every thread sleeps in a call that has nothing to do with a connection",
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
