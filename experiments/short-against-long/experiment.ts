import {
  atLeast,
  atMost,
  attempts,
  attemptsOk,
  between,
  connections,
  counterDelta,
  exactly,
  fact,
  latency,
  neverSeen,
  quantity,
  socketsAtEndOf,
  socketsAtPeak,
  type ExactExpectation,
  type Recording,
  type Setup,
  type Variant,
} from "../../harness/experiment.ts";

const REQUESTS = 199;
/** Requests at once, and so connections of the long arms. */
const AT_ONCE = 7;

/** A load program, and what it is told besides how many requests and how fast. */
interface Load {
  client: string;
  more?: string[];
}

/** The laboratory's certificate is signed by nobody. */
const TLS = ["--tls", "--insecure"];

function setup({ client, more = [] }: Load, server: string): Setup {
  // A TIME-WAIT is counted, and so not used again.
  const sysctls = { "net.ipv4.tcp_tw_reuse": "0" };
  return {
    hosts: { client: { sysctls }, server: { sysctls } },
    links: [{ kind: "direct", between: ["client", "server"] }],
    programs: {
      server: {
        host: "server",
        role: "server",
        program: server,
        args: ["--port", "8080"],
        limits: {},
        withinMs: 10_000,
      },
      load: {
        host: "client",
        role: "client",
        program: client,
        args: [
          ...["--to", "{server}:8080", "--attempts", String(REQUESTS), "--rate", "100"],
          ...["--concurrency", String(AT_ONCE), ...more],
        ],
        limits: {},
        withinMs: 30_000,
      },
    },
    phases: [
      { name: "load", until: { exited: ["load"] }, withinMs: 30_000 },
      { name: "drain", until: { elapsedMs: 300 } },
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
const timeWait = { host: "client", state: "TIME-WAIT", side: "connector", port: 8080 } as const;

/** Segments that the client sent and received, for each request. */
function segmentsEach(recording: Recording): number | null {
  const sent = counterDelta(recording, { counter: "TcpOutSegs", host: "client" });
  const received = counterDelta(recording, { counter: "TcpInSegs", host: "client" });
  const requests = attempts(recording, load).length;
  return sent === null || received === null || requests === 0 ? null : (sent + received) / requests;
}

const segments = (bound: Parameters<typeof quantity>[2], reason: string): ExactExpectation =>
  quantity(
    "segments a request, both ways",
    { needs: ["counters", "attempt"], of: segmentsEach },
    bound,
  ).because(reason);

const serverKeepsNone = neverSeen({ host: "server", state: "TIME-WAIT" }).because(
  "TIME-WAIT is with who closed first, and here that is always the client",
);
const all = attemptsOk(load, exactly(REQUESTS)).because("both ways carry the same requests");

/** What a request costs of a connection of its own. */
interface Cost {
  segments: Parameters<typeof quantity>[2];
  because: string;
}

function short(client: Load, server: string, summary: string, cost: Cost): Variant {
  return {
    summary,
    setup: setup(client, server),
    exact: [
      all,
      connections(load, exactly(REQUESTS)).because("a new connection for each request"),
      socketsAtEndOf("drain", timeWait, exactly(REQUESTS)).because(
        "each leaves a TIME-WAIT where it was closed first",
      ),
      serverKeepsNone,
      segments(cost.segments, cost.because),
      latency(load, "connectMs", 50, atLeast(0.01)).because("every request pays for a handshake"),
    ],
  };
}

function long(client: Load, server: string, summary: string): Variant {
  return {
    summary,
    setup: setup(client, server),
    exact: [
      all,
      connections(load, exactly(AT_ONCE)).because(
        "as many connections as requests at once, each used again and again",
      ),
      socketsAtPeak(timeWait, atMost(AT_ONCE)).because("only the last close of each connection leaves one"),
      serverKeepsNone,
      segments(
        between(2, 4),
        "the request, the answer (which acknowledges it), and an acknowledgement of that; and 7 more a connection",
      ),
    ],
  };
}

const overTcp: Cost = {
  segments: between(8, 11),
  because: "SYN, SYN-ACK, ACK; request, answer and their acknowledgements; FIN, FIN-ACK, ACK: 9 or 10",
};
const overTls: Cost = {
  segments: between(11, 16),
  because:
    "those of TCP, and for TLS its hello, the answer with the certificate, the finish and the session tickets: 13",
};

export const experiment = fact({
  id: "short-against-long",
  title: "The same requests over short and over long connections",
  question: "What does a connection for each request cost, in sockets, segments and time?",
  tags: ["tour", "keep-alive", "time-wait"],
  variants: {
    "short-http": short(
      { client: "clients/short-http" },
      "short-against-long/http-server",
      "HTTP, a connection for each request",
      overTcp,
    ),
    "long-http": long({ client: "clients/long-http" }, "short-against-long/http-server", "HTTP, keep-alive"),
    "short-https": short(
      { client: "clients/undici", more: [...TLS, "--requests-per-connection", "1"] },
      "short-against-long/https-server",
      "HTTPS, a connection and a TLS handshake for each request",
      overTls,
    ),
    "long-https": long(
      { client: "clients/undici", more: TLS },
      "short-against-long/https-server",
      "HTTPS, keep-alive",
    ),
    "short-tcp": short(
      { client: "clients/short-tcp" },
      "short-against-long/tcp-server",
      "raw TCP, a connection for each request",
      overTcp,
    ),
    "long-tcp": long(
      { client: "clients/long-tcp" },
      "short-against-long/tcp-server",
      "raw TCP, connections kept open",
    ),
  },
});
