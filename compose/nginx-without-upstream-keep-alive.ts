// nginx opens a connection to its backend for each request. Its clients keep their connections, and do not notice it.
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
  setupOf,
  socketsStay,
  type Recording,
  type Setup,
} from "../harness/experiment.ts";

const REQUESTS = 97;
/** Requests at the same time, and therefore connections of the client. */
const AT_ONCE = 5;
/** The kernel chooses nginx's ports at random. A port that is used again ends its TIME-WAIT at the backend: at most so many. */
const MOST_TAKEN_OVER = 7;

/** `configuration`: a file of compose/nginx. */
function setup(configuration: string): Setup {
  return setupOf({
    // TIME-WAIT sockets are counted, so they must not be reused.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    links: [
      { kind: "direct", between: ["client", "proxy"] },
      { kind: "direct", between: ["proxy", "server"] },
    ],
    servers: {
      server: "short-against-long/http-server --port 8080",
      nginx: {
        run: `nginx -p {scratch} -e stderr -c {here}/compose/nginx/${configuration}`,
        listens: 8000,
        host: "proxy",
      },
    },
    clients: {
      load: {
        run: `clients/long-http --to {proxy}:8000 --attempts ${REQUESTS} --rate 50 --concurrency ${AT_ONCE}`,
        withinMs: 30_000,
      },
    },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 2000 } },
    everyMs: { sockets: 100, listeners: 500, counters: 500, processes: 500 },
  });
}

const load = { program: "load" };
const all = attemptsOk(load, exactly(REQUESTS)).because("every request is answered in both variants");
const few = connections(load, exactly(AT_ONCE)).because("the client keeps its connections to nginx");
const accepted = { counter: "TcpPassiveOpens", host: "server" };

/** TIME-WAIT of the backend's port, at both ends together, in the last sample of each: either nginx or the backend closes first. */
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
  id: "nginx-without-upstream-keep-alive",
  title: "A proxy that opens a connection to its backend for each request",
  question: "Where do the TIME-WAIT sockets come from, if the clients keep their connections?",
  tags: ["keep-alive", "time-wait", "proxy"],
  variants: {
    buggy: {
      summary: "nginx keeps no connection to the backend",
      setup: setup("buggy.conf"),
      exact: [
        all,
        few,
        counterMoved(accepted, exactly(REQUESTS)).because("the backend sees a connection for each request"),
        quantity(
          "TIME-WAIT between nginx and the backend",
          { needs: ["sockets"], of: timeWait },
          between(REQUESTS - MOST_TAKEN_OVER, 2 * REQUESTS),
        ).because(
          "each connection leaves one at the side that closed first, nginx or the backend, or one at both if their FINs crossed",
        ),
      ],
    },
    fixed: {
      summary: "keepalive in the upstream block, HTTP/1.1, and no Connection header",
      setup: setup("fixed.conf"),
      exact: [
        all,
        few,
        counterMoved(accepted, atMost(8)).because("requests share the connections that nginx keeps"),
      ],
    },
  },
  symptom: [
    socketsStay({ state: "TIME-WAIT", port: 8080 }, atLeast(20), { forMs: 1500 }).because(
      "TIME-WAIT of the backend's port grows with the requests, although no client closes a connection",
    ),
  ],
  overlaps: {},
});
