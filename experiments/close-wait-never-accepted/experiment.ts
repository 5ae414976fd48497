import {
  acceptQueueNeverFull,
  atLeast,
  attemptsOk,
  counterStill,
  descriptorsLeft,
  exactly,
  failureMode,
  outcomes,
  quantity,
  queueSeries,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  standingQueues,
  type Evidence,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Clients that come after the probe and give up after `PATIENCE_MS`. */
const CLIENTS = 47;
const PATIENCE_MS = 600;

function setup(program: string): Setup {
  return setupOf({
    // TIME-WAIT is counted: no port may be used again.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    hosts: { server: { "net.core.somaxconn": "4096" } },
    servers: { server: { run: `python3 {here}/${program}.py 8080`, listens: 8080 } },
    clients: {
      // A port probe: it connects, and closes without a word.
      probe: ["clients/calls", "connect {server}:8080", "close"],
      load: `clients/short-tcp --to {server}:8080 --attempts ${CLIENTS} --concurrency ${CLIENTS} --timeout-ms ${PATIENCE_MS} --at-signal`,
    },
    phases: [
      { name: "load", until: { exited: ["load"] } },
      { name: "drain", until: { elapsedMs: 2200 } },
    ],
    interventions: [
      {
        name: "the clients come",
        phase: "load",
        // The thread that read from the probe has ended when the probe has the TIME-WAIT.
        when: {
          all: [{ ready: ["load"] }, { sockets: { host: "client", state: "TIME-WAIT" }, atLeast: 1 }],
        },
        do: { signal: "SIGCONT", program: "load" },
      },
    ],
  });
}

const unaccepted = { state: "CLOSE-WAIT", side: "listener", owner: "none", receiveQueue: "holding" } as const;
const left = { host: "server", port: 8080, ...unaccepted } as const;

export const experiment = failureMode({
  id: "close-wait-never-accepted",
  title: "CLOSE-WAIT that belongs to no process",
  question: "Whose are the CLOSE-WAIT sockets that no process holds?",
  tags: ["close-wait", "accept-queue", "threads", "python"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "an exception ends the thread that accepts, and the process goes on without it",
      setup: setup("buggy"),
      exact: [
        outcomes({ program: "load" }, "response timeout", exactly(CLIENTS)).because(
          "the kernel connects and acknowledges, and nobody accepts",
        ),
        socketsAtEndOf("drain", left, exactly(CLIENTS)).because(
          "only accept() gives a connection a descriptor, and a FIN needs no accept()",
        ),
        socketsStay({ ...left, timer: "none" }, exactly(CLIENTS), { forMs: 1500 }).because(
          "the kernel removes nothing from an accept queue: a connection whose client has left waits there too",
        ),
        quantity(
          "connections in the accept queue at the end",
          {
            needs: ["listeners"],
            of: (recording: Evidence) =>
              queueSeries(recording, { host: "server", port: 8080 }).last?.value ?? null,
          },
          exactly(CLIENTS),
        ).because("Recv-Q of a LISTEN row counts what waits for accept(), in CLOSE-WAIT too"),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "CLOSE-WAIT", owner: ["listener", "process", "shared"] },
          exactly(0),
        ).because("/proc/PID/fd shows none of them, and no limit of descriptors is near"),
        acceptQueueNeverFull({ host: "server", port: 8080 }).because("the backlog is 199"),
        counterStill({ host: "server", counter: "TcpExtListenOverflows" }).because(
          "there is room, so no counter tells of it",
        ),
      ],
    },
    fixed: {
      summary: "the thread of the connection reads the first line",
      setup: setup("fixed"),
      exact: [
        attemptsOk({ program: "load" }, exactly(CLIENTS)).because(
          "the exception ends the thread of the probe, and nothing else",
        ),
        socketsAtEndOf("drain", { state: "CLOSE-WAIT" }, exactly(0)).because(
          "each thread reads end-of-file and closes",
        ),
        socketsAtEndOf(
          "drain",
          { host: "client", state: "TIME-WAIT", side: "connector", port: 8080 },
          exactly(CLIENTS + 1),
        ).because("both FINs were exchanged; the clients and the probe closed first"),
      ],
    },
  },
  symptom: [
    socketsStay({ ...unaccepted, timer: "none" }, atLeast(3), { forMs: 1500 }).because(
      "the clients have left, and no process has ever had these connections",
    ),
    quantity(
      "listeners at which 3 or more connections wait for 1.5 s and none is accepted",
      {
        needs: ["listeners"],
        of: (view: Evidence) => standingQueues(view, { least: 3, forMs: 1500 }).length,
      },
      atLeast(1),
    ).because("a server that is only slow takes one out of the queue now and then"),
    descriptorsLeft({}, atLeast(1)).because(
      "a process without descriptors cannot accept: close-wait-exhaustion",
    ),
  ],
  overlaps: {},
});
