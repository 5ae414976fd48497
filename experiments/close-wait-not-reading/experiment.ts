import {
  atLeast,
  attemptsOk,
  between,
  descriptorsLeft,
  exactly,
  exampleRows,
  failureMode,
  outcomes,
  percentile,
  quantity,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  socketsStay,
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
        // The probe's thread has ended when it has closed the connection, and the probe has the TIME-WAIT.
        when: {
          all: [{ ready: ["load"] }, { sockets: { host: "client", state: "TIME-WAIT" }, atLeast: 1 }],
        },
        do: { signal: "SIGCONT", program: "load" },
      },
    ],
  });
}

const unread = { state: "CLOSE-WAIT", side: "listener", receiveQueue: "holding" } as const;
const stuck = { host: "server", port: 8080, owner: "listener", ...unread } as const;

/** The bytes in the receive queues of these connections, the FIN included, as far as examples were recorded. */
function unreadBytes(evidence: Evidence): number[] {
  return exampleRows(evidence, unread).map(({ receiveQueueBytes }) => receiveQueueBytes);
}

export const experiment = failureMode({
  id: "close-wait-not-reading",
  title: "CLOSE-WAIT with bytes that nobody has read",
  question: "What does a connection look like whose program stopped reading before the client gave up?",
  tags: ["close-wait", "threads", "python"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "an exception leaves a lock locked, and every later thread waits for it before it reads",
      setup: setup("buggy"),
      exact: [
        outcomes({ program: "load" }, "response timeout", exactly(CLIENTS)).because(
          "the kernel connects and acknowledges, and no thread reads a request",
        ),
        socketsAtEndOf("drain", stuck, exactly(CLIENTS)).because(
          "accept() gave each connection to the process, and the thread that owns it waits for the lock",
        ),
        socketsStay({ ...stuck, timer: "none", sendQueue: "empty" }, exactly(CLIENTS), {
          forMs: 1500,
        }).because("no timer runs in CLOSE-WAIT, and the lock is never released"),
        quantity(
          "unread bytes on the connection with the fewest",
          { needs: ["sockets"], of: (recording: Evidence) => Math.min(...unreadBytes(recording)) },
          between(11, 12),
        ).because("`attempt 7` and a line feed are 10 bytes, `attempt 47` has 11, and the FIN counts as one"),
        socketsAtEndOf("drain", { host: "server", state: "CLOSE-WAIT", owner: "none" }, exactly(0)).because(
          "the thread that accepts is not the one that waits: no connection is left in the accept queue",
        ),
        socketsAtPeak({ host: "client", state: "FIN-WAIT-2", port: 8080 }, atLeast(1)).because(
          "the client's FIN was acknowledged, and the server's never comes",
        ),
      ],
    },
    fixed: {
      summary: "`with lock` releases the lock on every way out",
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
    socketsStay(
      { ...unread, timer: "none", sendQueue: "empty", owner: ["listener", "process", "shared"] },
      atLeast(5),
      { forMs: 1500 },
    ).because("a process holds them, the other end has finished, and nobody reads"),
    quantity(
      "unread bytes on such a connection, in the middle",
      { needs: ["sockets"], of: (view: Evidence) => percentile(unreadBytes(view), 50) },
      atLeast(2),
    ).because(
      "a FIN alone counts as one byte, and a healthy server that still works on its answer need not have read that",
    ),
    descriptorsLeft({}, atLeast(1)).because(
      "a process without descriptors has another reason: close-wait-exhaustion",
    ),
  ],
  overlaps: {},
});
