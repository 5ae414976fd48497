// A router that translates addresses forgets an idle connection, and neither end is notified.
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
/** One request over each connection, and another one 5 s later. */
const GAP_S = 5;
/** The router's own address on the server's side. */
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
          // No link joins the two hosts, so the address is written out.
          `clients/long-tcp --to 198.51.100.2:8080 --attempts ${2 * CONNECTIONS}`,
          `--concurrency ${CONNECTIONS} --rate ${CONNECTIONS / GAP_S}`,
          // No attempt may fail before the last one has begun, because the client would open another connection in its place.
          `--timeout-ms ${1000 * GAP_S}`,
        ].join(" "),
        withinMs: 40_000,
      },
    },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 500 } },
    everyMs: { sockets: 200, listeners: 1000, counters: 500, processes: 500 },
  });
}

const load = { program: "load" };

/** Whether all peers of the server are the router. */
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
    observed: `the server's peers: ${seen.join(", ") || "none"}`,
  };
}

const translated = {
  claim: `the server's only peer is ${ROUTER}`,
  because: "the router replaces the client's address with its own",
  needs: ["sockets" as const],
  test: allFromRouter,
};

export const experiment = failureMode({
  id: "nat-forgets-idle",
  title: "A router forgets an idle connection, and neither end is notified",
  question: "Why does the first request after a pause get no answer, although both ends are connected?",
  tags: ["nat", "keep-alive", "half-open"],
  variants: {
    buggy: {
      summary: "neither end sends anything for 5 s, and the router forgets a connection after 3 s",
      setup: setup("half-open-idle/buggy"),
      exact: [
        translated,
        attemptsOk(load, exactly(CONNECTIONS)).because("the first request over each connection is answered"),
        outcomes(load, "response timeout", exactly(CONNECTIONS)).because(
          "the router does not know the connection any more, and drops the second request without an answer",
        ),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "ESTABLISHED", side: "listener", port: 8080, timer: "none" },
          exactly(CONNECTIONS),
        ).because("nothing reaches the server, not even the client's FIN, so it waits for ever"),
      ],
    },
    fixed: {
      summary: "the server's kernel sends a probe each second, which passes the router too",
      setup: setup("half-open-idle/fixed-by-keepalive"),
      exact: [
        translated,
        attemptsOk(load, exactly(2 * CONNECTIONS)).because("a connection with packets is not forgotten"),
        connections(load, exactly(CONNECTIONS)).because("the second requests went over the same connections"),
      ],
    },
  },
  symptom: [
    counterMoved({ counter: "TcpRetransSegs" }, atLeast(CONNECTIONS)).because(
      "segments of a connection that the router has forgotten are retransmitted again and again",
    ),
  ],
  overlaps: {},
});
