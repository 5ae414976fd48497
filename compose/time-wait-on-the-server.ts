// TIME-WAIT on the server: the side that closes first keeps it, and a client can ask the server to close.
import {
  atLeast,
  attemptsOk,
  exactly,
  failureMode,
  neverSeen,
  setupOf,
  socketsAtEndOf,
  socketsStay,
  type Setup,
} from "../harness/experiment.ts";

const REQUESTS = 97;

/** `first` is the side that closes the connection of each request first. */
function setup(first: "client" | "server"): Setup {
  return setupOf({
    // TIME-WAIT sockets are counted, so they must not be reused.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: "short-against-long/http-server --port 8080" },
    clients: {
      load: {
        run: `clients/short-http --to {server}:8080 --attempts ${REQUESTS} --rate 100 --concurrency 7 --close ${first}`,
        withinMs: 30_000,
      },
    },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 2000 } },
    everyMs: { sockets: 100, listeners: 500, counters: 500, processes: 500 },
  });
}

const timeWait = { state: "TIME-WAIT", port: 8080 } as const;
const all = attemptsOk({ program: "load" }, exactly(REQUESTS)).because(
  "nothing fails: a server can have as many TIME-WAIT sockets as memory allows, and they use up no port",
);

export const experiment = failureMode({
  id: "time-wait-on-the-server",
  title: "TIME-WAIT on the server, because it closes first",
  question: "Which side keeps TIME-WAIT, and which side decides that?",
  tags: ["time-wait", "keep-alive"],
  variants: {
    buggy: {
      summary: "each request says Connection: close, and the server closes after its answer",
      setup: setup("server"),
      exact: [
        all,
        socketsAtEndOf("drain", { host: "server", side: "listener", ...timeWait }, exactly(REQUESTS)).because(
          "the server sent the first FIN, so it keeps TIME-WAIT for 60 s for each connection",
        ),
        neverSeen({ host: "client", ...timeWait }).because("the client closed second, and keeps nothing"),
      ],
    },
    fixed: {
      summary: "the client closes when it has its answer",
      setup: setup("client"),
      exact: [
        all,
        socketsAtEndOf(
          "drain",
          { host: "client", side: "connector", ...timeWait },
          exactly(REQUESTS),
        ).because(
          "now the client closes first, so TIME-WAIT has only moved to it; only fewer connections help both sides",
        ),
        neverSeen({ host: "server", ...timeWait }).because("the server closed second"),
      ],
    },
  },
  symptom: [
    socketsStay({ state: "TIME-WAIT", side: "listener", owner: "none" }, atLeast(50), {
      forMs: 1500,
    }).because("TIME-WAIT at the listening end belongs to connections that the server closed first"),
  ],
  overlaps: {},
});
