// TIME-WAIT on the server: whoever closes first keeps it, and a client may ask the server to.
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

/** `first` closes the connection of each request. */
function setup(first: "client" | "server"): Setup {
  return setupOf({
    // TIME-WAIT is counted, and so not used again.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: "short-against-long/http-server --port 8080" },
    clients: {
      load: {
        run: `clients/short-http --to {server}:8080 --attempts ${REQUESTS} --rate 100 --concurrency 7 --close ${first}`,
        withinMs: 30_000,
      },
    },
    phases: [
      { name: "load", until: { exited: ["load"] } },
      { name: "drain", until: { elapsedMs: 2000 } },
    ],
    everyMs: { sockets: 100, listeners: 500, counters: 500, processes: 500 },
  });
}

const timeWait = { state: "TIME-WAIT", port: 8080 } as const;
const all = attemptsOk({ program: "load" }, exactly(REQUESTS)).because(
  "nothing fails: a server may have as many TIME-WAIT as memory allows, and takes no port for them",
);

export const experiment = failureMode({
  id: "time-wait-on-the-server",
  title: "TIME-WAIT on the server: it is the one who closes",
  question: "Who keeps the TIME-WAIT, and who decides?",
  tags: ["time-wait", "keep-alive"],
  variants: {
    buggy: {
      summary: "each request says Connection: close, and the server does so after its answer",
      setup: setup("server"),
      exact: [
        all,
        socketsAtEndOf("drain", { host: "server", side: "listener", ...timeWait }, exactly(REQUESTS)).because(
          "the server sent the first FIN, and so it waits, 60 s for each",
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
          "the wait has only moved to who closes first now: fewer connections are the only cure for both",
        ),
        neverSeen({ host: "server", ...timeWait }).because("the server closed second"),
      ],
    },
  },
  symptom: [
    socketsStay({ state: "TIME-WAIT", side: "listener", owner: "none" }, atLeast(50), {
      forMs: 1500,
    }).because("TIME-WAIT at the listening end is of connections that the server closed first"),
  ],
  overlaps: {},
});
