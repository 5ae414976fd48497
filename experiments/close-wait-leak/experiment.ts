import {
  atLeast,
  attempts,
  attemptsOk,
  exactly,
  failureMode,
  neverSeen,
  quantity,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  socketsShared,
  socketsStay,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";

/** Clients of the server at port 8080, which close first. */
const CLIENTS = 97;
/** Attempts of the client that ignores end-of-file, at the server of port 8081, which closes first. */
const RETRIES = 23;

/** Both scenes at once: a server that never closes, and a client that never closes, side by side with their peers. */
function setup(server: string, client: string): Setup {
  return setupOf({
    // TIME-WAIT is counted here, so no port may be used again; and an orphaned FIN-WAIT-2 goes after 2 s and not 60.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_fin_timeout": "2" },
    servers: {
      server: `${server} --port 8080`,
      closing: "close-wait-leak/closing-server --port 8081",
    },
    clients: {
      load: {
        run: `clients/short-tcp --to {server}:8080 --attempts ${CLIENTS} --rate 200 --concurrency 23`,
        withinMs: 15_000,
      },
      retries: {
        run: `${client} --to {server}:8081 --attempts ${RETRIES} --rate 50 --hold-ms 600000`,
        withinMs: 660_000,
      },
    },
    phases: {
      load: { until: { all: [{ exited: ["load"] }, { elapsedMs: 1000 }] }, withinMs: 15_000 },
      drain: {
        until: {
          all: [
            { elapsedMs: 2500 },
            { sockets: { host: "client", state: ["FIN-WAIT-1", "FIN-WAIT-2"] }, atMost: 0 },
            { sockets: { host: "server", state: ["FIN-WAIT-1", "FIN-WAIT-2"] }, atMost: 0 },
          ],
        },
        withinMs: 10_000,
      },
    },
  });
}

const leaked = {
  host: "server",
  state: "CLOSE-WAIT",
  side: "listener",
  port: 8080,
  owner: "listener",
} as const;
const retried = {
  host: "client",
  state: "CLOSE-WAIT",
  side: "connector",
  port: 8081,
  owner: "process",
} as const;

function portsTaken(recording: Recording): number {
  return new Set(attempts(recording, { program: "retries" }).map((attempt) => attempt.localPort)).size;
}

export const experiment = failureMode({
  id: "close-wait-leak",
  title: "CLOSE-WAIT that never goes away",
  question: "Who must close a connection whose other end has closed, and what if nobody does?",
  tags: ["tour", "close-wait", "descriptors"],
  variants: {
    buggy: {
      summary: "the program sees end-of-file, and never closes",
      setup: setup("close-wait-leak/buggy", "close-wait-leak/buggy-client"),
      exact: [
        attemptsOk({ program: "load" }, exactly(CLIENTS)).because(
          "every client gets its answer: no client and no health check notices the leak",
        ),
        socketsAtEndOf("drain", leaked, exactly(CLIENTS)).because(
          "a FIN leads to CLOSE-WAIT, and only the program's own close() or shutdown() leads out of it",
        ),
        socketsStay({ ...leaked, timer: "none", receiveQueue: "empty" }, exactly(CLIENTS), {
          forMs: 2000,
        }).because("no timer runs in CLOSE-WAIT: in RFC 9293 it waits for the user, for ever"),
        socketsAtPeak({ host: "client", state: "FIN-WAIT-2", port: 8080 }, atLeast(1)).because(
          "the client's FIN was acknowledged, and the server's never comes",
        ),
        socketsAtEndOf("drain", { host: "client", state: "FIN-WAIT-2", port: 8080 }, exactly(0)).because(
          "an orphan in FIN-WAIT-2 is forgotten after tcp_fin_timeout, 2 s here; the other end does not notice",
        ),
        socketsAtEndOf("drain", retried, exactly(RETRIES)).because(
          "in the mirror scene the server closes first, and the client is the one that never does",
        ),
        quantity(
          "local ports taken by the retries",
          { needs: ["attempt"], of: portsTaken },
          exactly(RETRIES),
        ).because("a connection in CLOSE-WAIT still owns its port, so each retry takes a new one"),
      ],
    },
    fixed: {
      summary: "end-of-file is answered with end()",
      setup: setup("close-wait-leak/fixed", "close-wait-leak/fixed-client"),
      exact: [
        attemptsOk({ program: "load" }, exactly(CLIENTS)).because("the cure takes nothing from the clients"),
        socketsAtEndOf("drain", { state: "CLOSE-WAIT" }, exactly(0)).because(
          "end() sends the FIN, and the socket leaves CLOSE-WAIT for LAST-ACK and then goes",
        ),
        socketsAtEndOf(
          "drain",
          { host: "client", state: "TIME-WAIT", side: "connector", port: 8080 },
          exactly(CLIENTS),
        ).because("both FINs were exchanged, and the client, which closed first, keeps TIME-WAIT for 60 s"),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "TIME-WAIT", side: "listener", port: 8081 },
          exactly(RETRIES),
        ).because("in the mirror scene the server closed first"),
      ],
    },
  },
  symptom: [
    socketsStay(
      {
        state: "CLOSE-WAIT",
        timer: "none",
        receiveQueue: "empty",
        sendQueue: "empty",
        owner: ["listener", "process"],
      },
      atLeast(5),
      { forMs: 1500 },
    ).because(
      "a healthy program leaves CLOSE-WAIT within one turn of its event loop; these wait for a close() that does not come",
    ),
    neverSeen({ state: "CLOSE-WAIT", side: "listener", owner: ["process", "shared"] }).because(
      "if a process that does not listen held them, a descriptor was passed on: forked-child-holds-connection",
    ),
    socketsShared({}, exactly(0)).because(
      "no second process holds any of them: only this program can close them",
    ),
  ],
  overlaps: {
    "close-wait-exhaustion/drops":
      "it is the same leak, which has gone on until accept() fails: the process has reached its limit of descriptors",
    "close-wait-exhaustion/room": "it is the same leak, with descriptors to spare",
    "close-wait-exhaustion/restarted": "it is the same leak, which begins again after a restart",
  },
});
