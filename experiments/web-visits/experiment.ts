import {
  atLeast,
  atMost,
  attemptsOk,
  connections,
  exactly,
  fact,
  latency,
  quantity,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  wholeTime,
  type Bound,
  type ExactExpectation,
  type Setup,
} from "../../harness/experiment.ts";

/** The objects of a page, and how many of them one visitor fetches at a time. */
const OBJECTS = 47;
const AT_ONCE = 6;
/** Visitors that send one request each, and how many come in a second. */
const VISITORS = 23;
const RATE = 20;
/** A round trip of 100 ms, as across a continent. */
const ONE_WAY_MS = 50;
const IDLE_MS = 1000;

function setup(client: string, args: string, idleMs = IDLE_MS): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    links: [{ kind: "wire", delayMs: ONE_WAY_MS }],
    servers: { server: `web-visits/server --port 8080 --idle-ms ${idleMs}` },
    clients: { load: { run: `${client} --to {server}:8080 ${args}`, withinMs: 30_000 } },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 500 } },
    everyMs: { sockets: 100, listeners: 1000, counters: 500, processes: 250 },
  });
}

const page = `--attempts ${OBJECTS} --concurrency ${AT_ONCE}`;
const visitors = `--attempts ${VISITORS} --concurrency ${VISITORS} --rate ${RATE}`;
const load = { program: "load" };
const atServer = { host: "server", state: "ESTABLISHED", side: "listener", port: 8080 } as const;

const whole = (bound: Bound, because: string): ExactExpectation =>
  quantity("ms until the page is whole", wholeTime("load"), bound).because(because);

export const experiment = fact({
  id: "web-visits",
  title: "A visitor with a page of 47 objects, and 23 visitors with one each",
  question: "When should a web server keep its connections, and when should it close them?",
  tags: ["http", "keep-alive", "latency", "wire"],
  variants: {
    "page-short": {
      summary: "one visitor, 47 objects, six at a time, a connection for each",
      setup: setup("clients/short-http", page),
      exact: [
        attemptsOk(load, exactly(OBJECTS)).because("both variants fetch the whole page"),
        connections(load, exactly(OBJECTS)).because("a handshake for each object"),
        whole(atLeast(1590), "eight rounds of two round trips each"),
      ],
    },
    "page-kept": {
      summary: "one visitor, 47 objects, six at a time, over six connections that are kept",
      setup: setup("clients/long-http", page),
      exact: [
        attemptsOk(load, exactly(OBJECTS)).because("both variants fetch the whole page"),
        connections(load, exactly(AT_ONCE)).because(
          "one handshake for each connection that is open at the same time",
        ),
        whole(atMost(1550), "eight rounds of one round trip each, and one for the handshakes"),
      ],
    },
    "visitors-short": {
      summary: "23 visitors in a second, one request each, a connection for each",
      setup: setup("clients/short-http", visitors),
      exact: [
        attemptsOk(load, exactly(VISITORS)).because("nobody is turned away"),
        latency(load, "totalMs", 50, atLeast(4 * ONE_WAY_MS)).because("two round trips"),
        socketsAtPeak(atServer, atMost(13)).because("a connection exists only for the time of its request"),
        socketsAtEndOf("drain", atServer, exactly(0)).because("every connection has been closed"),
      ],
    },
    "visitors-kept": {
      summary:
        "23 visitors in a second, one request each, and a server that keeps their connections for a second or two",
      setup: setup("clients/long-http", `${visitors} --close server`),
      exact: [
        attemptsOk(load, exactly(VISITORS)).because("nobody is turned away"),
        latency(load, "totalMs", 50, atLeast(4 * ONE_WAY_MS)).because(
          "two round trips: a visitor with one request gains nothing from a kept connection",
        ),
        connections(load, exactly(VISITORS)).because("each visitor has one"),
        socketsAtPeak(atServer, atLeast(17)).because("it waits for a request that does not come"),
        socketsAtEndOf("drain", atServer, exactly(0)).because("the idle limit has ended them"),
      ],
    },
    "visitors-kept-for-long": {
      summary:
        "23 visitors in a second, one request each, and a server that keeps their connections for 75 s",
      setup: setup("clients/long-http", `${visitors} --hold-ms 500`, 75_000),
      exact: [
        attemptsOk(load, exactly(VISITORS)).because("nobody is turned away"),
        socketsAtPeak(atServer, exactly(VISITORS)).because(
          "all are held at the same time, and none is in use",
        ),
      ],
    },
  },
});
