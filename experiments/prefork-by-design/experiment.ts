import {
  attemptsOk,
  exactly,
  fact,
  neverSeen,
  setupOf,
  socketsAtEndOf,
  socketsShared,
  socketsStay,
  type ExactExpectation,
  type Setup,
} from "../../harness/experiment.ts";
import { signs } from "./signs.ts";

/** Connections that are kept, and connections that come and go meanwhile. */
const KEPT = 23;
const SHORT = 97;

function setup(program: string): Setup {
  return setupOf({
    // TIME-WAIT is counted: no port may be used again.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: { run: `python3 {here}/${program}.py 8080`, listens: 8080 } },
    clients: {
      kept: `clients/long-tcp --to {server}:8080 --attempts ${KEPT} --concurrency ${KEPT} --requests-per-connection 1 --hold-ms 2500`,
      load: `clients/short-tcp --to {server}:8080 --attempts ${SHORT} --rate 47`,
    },
    phases: { load: { exited: ["kept", "load"] }, drain: { elapsedMs: 500 } },
    everyMs: { sockets: 100, listeners: 500, counters: 500, processes: 100 },
    tcpInfo: true,
  });
}

const open = { host: "server", state: "ESTABLISHED", side: "listener", port: 8080 } as const;

const served: ExactExpectation[] = [
  attemptsOk({ program: "kept" }, exactly(KEPT)).because("each connection has a process that serves it"),
  attemptsOk({ program: "load" }, exactly(SHORT)).because(
    "kept connections keep no other from being accepted",
  ),
  socketsAtEndOf(
    "drain",
    { host: "server", state: ["ESTABLISHED", "CLOSE-WAIT", "LAST-ACK"] },
    exactly(0),
  ).because("whoever serves a connection reads its end, and closes the only descriptor of it"),
  socketsAtEndOf("drain", { host: "client", state: "TIME-WAIT", port: 8080 }, exactly(KEPT + SHORT)).because(
    "the clients closed first, and were answered",
  ),
];

export const experiment = fact({
  id: "prefork-by-design",
  title: "Servers of many processes, which share on purpose",
  question: "Which sockets do the processes of a healthy preforking server share?",
  tags: ["processes", "descriptors", "healthy", "python"],
  signs,
  variants: {
    workers: {
      summary: "five workers accept from one listener",
      setup: setup("workers"),
      exact: [
        ...served,
        socketsShared({ host: "server" }, exactly(1)).because(
          "the listener is the only socket that is older than the workers",
        ),
        socketsStay({ ...open, owner: "listener" }, exactly(KEPT), { forMs: 300 }).because(
          "the worker that has accepted a connection is one of those that hold the listener",
        ),
        neverSeen({
          host: "server",
          state: ["ESTABLISHED", "CLOSE-WAIT"],
          owner: ["process", "shared"],
        }).because("accept() gives a connection to one process"),
      ],
    },
    children: {
      summary: "the parent accepts, and a child of its own serves each connection",
      setup: setup("children"),
      exact: [
        ...served,
        socketsShared({ host: "server" }, exactly(0)).because(
          "parent and child both hold a connection only until the parent's next call, and the child closes the listener",
        ),
        socketsStay({ ...open, owner: "process" }, exactly(KEPT), { forMs: 300 }).because(
          "a child that does not listen has the only descriptor, by design",
        ),
      ],
    },
  },
});
