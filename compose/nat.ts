// A router that translates addresses forgets an idle connection, and tells neither end.
import {
  atLeast,
  attemptsOk,
  connections,
  counterMoved,
  exactly,
  failureMode,
  outcomes,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  type Answer,
  type Recording,
  type Setup,
} from "../harness/experiment.ts";

const CONNECTIONS = 7;
/** A request over each connection, and 5 s later another. */
const GAP_S = 5;
/** The router's own, on the server's side. */
const ROUTER = "198.51.100.1";

function setup(server: string): Setup {
  const sysctls = { "net.ipv4.tcp_tw_reuse": "0" };
  return setupOf({
    hosts: { client: sysctls, router: { "net.ipv4.ip_forward": "1" }, server: sysctls },
    links: [
      { kind: "direct", between: ["client", "router"] },
      { kind: "direct", between: ["router", "server"] },
    ],
    servers: { server: `${server} --port 8080` },
    clients: {
      load: {
        run: [
          // No link joins the two hosts, so the address is said.
          `clients/long-tcp --to 198.51.100.2:8080 --attempts ${2 * CONNECTIONS}`,
          `--concurrency ${CONNECTIONS} --rate ${CONNECTIONS / GAP_S}`,
          // None has failed before the last has begun: a client would open another connection in its place.
          `--timeout-ms ${1000 * GAP_S}`,
        ].join(" "),
        withinMs: 40_000,
      },
    },
    phases: [
      { name: "load", until: { exited: ["load"] } },
      { name: "drain", until: { elapsedMs: 500 } },
    ],
    everyMs: { sockets: 200, listeners: 1000, counters: 500, processes: 500 },
  });
}

const load = { program: "load" };

/** Whether the server has seen nobody but the router. */
function allFromRouter(recording: Recording): Answer {
  const peers = samplesOf(recording, "sockets", "server")
    .flatMap(({ groups }) => groups)
    .filter(({ port, state }) => port === 8080 && state !== "LISTEN")
    .flatMap(({ examples }) =>
      examples.map(({ remote }) => remote.replace(/\]?:\d+$/, "").replace(/^.*:/, "")),
    );
  const seen = [...new Set(peers)];
  return {
    holds: seen.length === 0 ? null : seen.every((peer) => peer === ROUTER),
    observed: `its peers are ${seen.join(", ") || "none"}`,
  };
}

const translated = {
  claim: `the server sees no peer but ${ROUTER}`,
  because: "the router puts its own address in the place of the client's",
  needs: ["sockets" as const],
  test: allFromRouter,
};

export const experiment = failureMode({
  id: "nat-forgets-idle",
  title: "A router forgets an idle connection, and tells neither end",
  question: "Why does the first request after a pause get no answer, though both ends are connected?",
  tags: ["nat", "keep-alive", "half-open"],
  variants: {
    buggy: {
      summary: "nobody sends anything for 5 s, and the router forgets after 3",
      setup: setup("half-open-idle/buggy"),
      exact: [
        translated,
        attemptsOk(load, exactly(CONNECTIONS)).because("the first request over each connection is answered"),
        outcomes(load, "response timeout", exactly(CONNECTIONS)).because(
          "the second comes to a router that knows no such connection: it drops it without a word",
        ),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "ESTABLISHED", side: "listener", port: 8080, timer: "none" },
          exactly(CONNECTIONS),
        ).because("nothing reaches the server, not even the client's FIN: it waits for ever"),
      ],
    },
    fixed: {
      summary: "the server's kernel sends a probe each second, which the router hears too",
      setup: setup("half-open-idle/fixed-by-keepalive"),
      exact: [
        translated,
        attemptsOk(load, exactly(2 * CONNECTIONS)).because("what is heard of in time is not forgotten"),
        connections(load, exactly(CONNECTIONS)).because("the second requests went over the same connections"),
      ],
    },
  },
  symptom: [
    counterMoved({ counter: "TcpRetransSegs" }, atLeast(CONNECTIONS)).because(
      "what is sent into a connection that the router has forgotten is sent again and again",
    ),
  ],
  overlaps: {},
});
