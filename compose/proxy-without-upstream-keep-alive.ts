// nginx opens a connection to its backend for each request, and the clients, who keep theirs, see nothing of it.
import {
  atLeast,
  atMost,
  attemptsOk,
  between,
  connections,
  counterMoved,
  exactly,
  failureMode,
  quantity,
  samplesOf,
  socketsStay,
  type Recording,
  type Setup,
} from "../harness/experiment.ts";

const REQUESTS = 97;
/** Requests at once, and so connections of the client. */
const AT_ONCE = 5;
/** nginx's ports are drawn, and one that comes back takes its pair out of the backend's TIME-WAIT. */
const MOST_TAKEN_OVER = 7;

/** `keepAlive` is how many idle connections to the backend nginx keeps. */
function setup(keepAlive: number): Setup {
  // TIME-WAIT is counted, and so not used again.
  const sysctls = { "net.ipv4.tcp_tw_reuse": "0" };
  return {
    hosts: { client: { sysctls }, proxy: { sysctls }, server: { sysctls } },
    links: [
      { kind: "direct", between: ["client", "proxy"] },
      { kind: "direct", between: ["proxy", "server"] },
    ],
    programs: {
      server: {
        host: "server",
        role: "server",
        program: "short-against-long/http-server",
        args: ["--port", "8080"],
        limits: {},
        withinMs: 10_000,
      },
      nginx: {
        host: "proxy",
        role: "server",
        program: "./dist/compose/programs/nginx.js",
        args: ["--port", "8000", "--upstream", "{server}:8080", "--keep-alive", String(keepAlive)],
        limits: {},
        withinMs: 10_000,
      },
      load: {
        host: "client",
        role: "client",
        program: "clients/long-http",
        args: [
          ...["--to", "{proxy}:8000", "--attempts", String(REQUESTS), "--rate", "50"],
          ...["--concurrency", String(AT_ONCE)],
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

const load = { program: "load" };
const all = attemptsOk(load, exactly(REQUESTS)).because("every request is answered in both variants");
const few = connections(load, exactly(AT_ONCE)).because("the client keeps its connections to nginx");
const accepted = { counter: "TcpPassiveOpens", host: "server" };

/** TIME-WAIT of the backend's port at either of its ends, at the last look of each: nginx and the backend race to close first. */
function timeWait(recording: Recording): number {
  return ["proxy", "server"]
    .flatMap(
      (host) =>
        samplesOf(recording, "sockets", host).findLast(({ phase }) => phase === "drain")?.groups ?? [],
    )
    .filter(({ state, port }) => state === "TIME-WAIT" && port === 8080)
    .reduce((sum, { count }) => sum + count, 0);
}

export const experiment = failureMode({
  id: "proxy-without-upstream-keep-alive",
  title: "A proxy that opens a connection to its backend for each request",
  question: "Where do the TIME-WAIT come from, when the clients keep their connections?",
  tags: ["keep-alive", "time-wait", "proxy"],
  variants: {
    buggy: {
      summary: "nginx keeps no connection to the backend",
      setup: setup(0),
      exact: [
        all,
        few,
        counterMoved(accepted, exactly(REQUESTS)).because("the backend sees a connection for each request"),
        quantity(
          "TIME-WAIT between nginx and the backend",
          { needs: ["sockets"], of: timeWait },
          between(REQUESTS - MOST_TAKEN_OVER, 2 * REQUESTS),
        ).because(
          "each leaves one, with nginx or with the backend, whoever was first to close, and one with both where their FINs crossed",
        ),
      ],
    },
    fixed: {
      summary: "keepalive in the upstream block, HTTP/1.1, and no Connection header",
      setup: setup(8),
      exact: [
        all,
        few,
        counterMoved(accepted, atMost(8)).because("requests share the connections that nginx keeps"),
      ],
    },
  },
  symptom: [
    socketsStay({ state: "TIME-WAIT", port: 8080 }, atLeast(20), { forMs: 1500 }).because(
      "TIME-WAIT of the backend's port grows with the requests, though no client closes anything",
    ),
  ],
  overlaps: {},
});
