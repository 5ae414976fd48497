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
  setupOf,
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

/** The laboratory's certificate is self-signed. */
const TLS = "--tls --insecure";

/** A load program's command line: how many requests, how fast, and more options. */
const command = (program: string, more = ""): string =>
  `${program} --to {server}:8080 --attempts ${REQUESTS} --rate 100 --concurrency ${AT_ONCE} ${more}`;

function setup(client: string, server: string): Setup {
  return setupOf({
    // TIME-WAIT is counted, so no port may be reused.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    servers: { server: `${server} --port 8080` },
    clients: { load: { run: client, withinMs: 30_000 } },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 300 } },
    everyMs: { sockets: 100, listeners: 500, counters: 500, processes: 500 },
  });
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
  "the end that closes first has the TIME-WAIT, and here that is always the client",
);
const all = attemptsOk(load, exactly(REQUESTS)).because("both ways carry the same requests");

/** What a request on its own connection costs. */
interface Cost {
  segments: Parameters<typeof quantity>[2];
  because: string;
}

function short(client: string, server: string, summary: string, cost: Cost): Variant {
  return {
    summary,
    setup: setup(client, server),
    exact: [
      all,
      connections(load, exactly(REQUESTS)).because("a new connection for each request"),
      socketsAtEndOf("drain", timeWait, exactly(REQUESTS)).because(
        "each leaves a TIME-WAIT at the end that closed first",
      ),
      serverKeepsNone,
      segments(cost.segments, cost.because),
      latency(load, "connectMs", 50, atLeast(0.01)).because("every request pays for a handshake"),
    ],
  };
}

function long(client: string, server: string, summary: string): Variant {
  return {
    summary,
    setup: setup(client, server),
    exact: [
      all,
      connections(load, exactly(AT_ONCE)).because(
        "as many connections as simultaneous requests, each used again and again",
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
      command("clients/short-http"),
      "short-against-long/http-server",
      "HTTP, a connection for each request",
      overTcp,
    ),
    "long-http": long(command("clients/long-http"), "short-against-long/http-server", "HTTP, keep-alive"),
    "short-https": short(
      command("clients/undici", `${TLS} --requests-per-connection 1`),
      "short-against-long/https-server",
      "HTTPS, a connection and a TLS handshake for each request",
      overTls,
    ),
    "long-https": long(
      command("clients/undici", TLS),
      "short-against-long/https-server",
      "HTTPS, keep-alive",
    ),
    "short-tcp": short(
      command("clients/short-tcp"),
      "short-against-long/tcp-server",
      "raw TCP, a connection for each request",
      overTcp,
    ),
    "long-tcp": long(
      command("clients/long-tcp"),
      "short-against-long/tcp-server",
      "raw TCP, connections kept open",
    ),
  },
});
