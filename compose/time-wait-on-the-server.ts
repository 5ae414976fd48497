// TIME-WAIT on the server: whoever closes first keeps it, and a client may ask the server to.
import {
  atLeast,
  attemptsOk,
  exactly,
  failureMode,
  neverSeen,
  socketsAtEndOf,
  socketsStay,
  type Setup,
} from "../harness/experiment.ts";

const REQUESTS = 97;

/** `first` closes the connection of each request. */
function setup(first: "client" | "server"): Setup {
  // TIME-WAIT is counted, and so not used again.
  const sysctls = { "net.ipv4.tcp_tw_reuse": "0" };
  return {
    hosts: { client: { sysctls }, server: { sysctls } },
    links: [{ kind: "direct", between: ["client", "server"] }],
    programs: {
      server: {
        host: "server",
        role: "server",
        program: "short-against-long/http-server",
        args: ["--port", "8080"],
        limits: {},
        withinMs: 10_000,
      },
      load: {
        host: "client",
        role: "client",
        program: "clients/short-http",
        args: [
          ...["--to", "{server}:8080", "--attempts", String(REQUESTS), "--rate", "100"],
          ...["--concurrency", "7", "--close", first],
        ],
        limits: {},
        withinMs: 30_000,
      },
    },
    phases: [
      { name: "load", until: { exited: ["load"] }, withinMs: 30_000 },
      { name: "drain", until: { elapsedMs: 2000 } },
    ],
    interventions: [],
    observers: {
      sockets: { everyMs: 100 },
      listeners: { everyMs: 500 },
      counters: { everyMs: 500 },
      processes: { everyMs: 500 },
    },
  };
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
