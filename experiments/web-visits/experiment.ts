import {
  atLeast,
  atMost,
  attempts,
  attemptsOk,
  connections,
  exactly,
  fact,
  latency,
  quantity,
  socketsAtEndOf,
  socketsAtPeak,
  type Bound,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";

/** A page's objects, fetched by one visitor, so many at a time. */
const OBJECTS = 47;
const AT_ONCE = 6;
/** Visitors who ask once each, and how many come in a second. */
const VISITORS = 23;
const RATE = 20;
/** A round trip of 100 ms, as across a continent. */
const ONE_WAY_MS = 50;
const IDLE_MS = 1000;

interface Visit {
  client: "clients/short-http" | "clients/long-http";
  args: string[];
  idleMs: number;
}

function setup({ client, args, idleMs }: Visit): Setup {
  const sysctls = { "net.ipv4.tcp_tw_reuse": "0" };
  return {
    hosts: { client: { sysctls }, server: { sysctls } },
    links: [
      {
        kind: "wire",
        between: ["client", "server"],
        delayMs: [ONE_WAY_MS, ONE_WAY_MS],
        bitsPerSecond: null,
        loss: 0,
        seed: 1,
        rules: [],
      },
    ],
    programs: {
      server: {
        host: "server",
        role: "server",
        program: "web-visits/server",
        args: ["--port", "8080", "--idle-ms", String(idleMs)],
        limits: {},
        withinMs: 10_000,
      },
      load: {
        host: "client",
        role: "client",
        program: client,
        args: ["--to", "{server}:8080", ...args],
        limits: {},
        withinMs: 30_000,
      },
    },
    phases: [
      { name: "load", until: { exited: ["load"] }, withinMs: 30_000 },
      { name: "drain", until: { elapsedMs: 500 } },
    ],
    interventions: [],
    observers: {
      sockets: { everyMs: 100 },
      listeners: { everyMs: 1000 },
      counters: { everyMs: 500 },
      processes: { everyMs: 250 },
    },
  };
}

const page = ["--attempts", String(OBJECTS), "--concurrency", String(AT_ONCE)];
const visitors = [
  ...["--attempts", String(VISITORS), "--concurrency", String(VISITORS), "--rate", String(RATE)],
];
const load = { program: "load" };
const atServer = { host: "server", state: "ESTABLISHED", side: "listener", port: 8080 } as const;

/** From the beginning of the first request to the end of the last answer, in milliseconds. */
function pageMs(recording: Recording): number | null {
  const all = attempts(recording, load);
  if (all.length === 0 || all.some(({ totalMs }) => totalMs === null)) return null;
  const beginUs = Math.min(...all.map(({ atUs }) => atUs));
  return Math.max(...all.map(({ atUs, totalMs }) => (atUs - beginUs) / 1000 + (totalMs ?? 0)));
}

const whole = (bound: Bound, because: string): ExactExpectation =>
  quantity("ms until the page is whole", { needs: ["attempt"], of: pageMs }, bound).because(because);

export const experiment = fact({
  id: "web-visits",
  title: "A visitor with a page of 47 objects, and 23 visitors with one each",
  question: "When does a web server do better to keep its connections, and when to close them?",
  tags: ["http", "keep-alive", "latency", "wire"],
  variants: {
    "page-short": {
      summary: "one visitor, 47 objects, six at a time, a connection for each",
      setup: setup({ client: "clients/short-http", args: page, idleMs: IDLE_MS }),
      exact: [
        attemptsOk(load, exactly(OBJECTS)).because("both ways bring the whole page"),
        connections(load, exactly(OBJECTS)).because("a handshake for each object"),
        whole(atLeast(1590), "eight rounds of two round trips each"),
      ],
    },
    "page-kept": {
      summary: "the same visitor and page, over six connections that are kept",
      setup: setup({ client: "clients/long-http", args: page, idleMs: IDLE_MS }),
      exact: [
        attemptsOk(load, exactly(OBJECTS)).because("both ways bring the whole page"),
        connections(load, exactly(AT_ONCE)).because("a handshake for each that is open at once"),
        whole(atMost(1550), "eight rounds of one round trip each, and one for the handshakes"),
      ],
    },
    "visitors-short": {
      summary: "23 visitors in a second, one request each, a connection for each",
      setup: setup({ client: "clients/short-http", args: visitors, idleMs: IDLE_MS }),
      exact: [
        attemptsOk(load, exactly(VISITORS)).because("nobody is turned away"),
        latency(load, "totalMs", 50, atLeast(4 * ONE_WAY_MS)).because("two round trips"),
        socketsAtPeak(atServer, atMost(13)).because("a connection is there for the time of its request"),
        socketsAtEndOf("drain", atServer, exactly(0)).because("and then it is gone"),
      ],
    },
    "visitors-kept": {
      summary: "the same visitors, and a server that keeps their connections for a second or two",
      setup: setup({
        client: "clients/long-http",
        args: [...visitors, "--close", "server"],
        idleMs: IDLE_MS,
      }),
      exact: [
        attemptsOk(load, exactly(VISITORS)).because("nobody is turned away"),
        latency(load, "totalMs", 50, atLeast(4 * ONE_WAY_MS)).because(
          "two round trips: who asks once has nothing of a connection that is kept",
        ),
        connections(load, exactly(VISITORS)).because("each visitor has one"),
        socketsAtPeak(atServer, atLeast(17)).because("it waits for a request that does not come"),
        socketsAtEndOf("drain", atServer, exactly(0)).because("until the idle limit ends it"),
      ],
    },
    "visitors-kept-for-long": {
      summary: "the same visitors, and a server that keeps their connections for 75 s",
      setup: setup({
        client: "clients/long-http",
        args: [...visitors, "--hold-ms", "500"],
        idleMs: 75_000,
      }),
      exact: [
        attemptsOk(load, exactly(VISITORS)).because("nobody is turned away"),
        socketsAtPeak(atServer, exactly(VISITORS)).because(
          "all of them are held at once, and none is in use",
        ),
      ],
    },
  },
});
