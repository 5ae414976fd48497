import {
  atLeast,
  atMost,
  between,
  counterMoved,
  exactly,
  fact,
  lasted,
  neverSeen,
  quantity,
  samplesOf,
  socketSeries,
  socketsAtPeak,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";

/** Requests a second; the server closes the connection of each. */
const RATE = 23;
/** TIME-WAIT is over a minute after the first, and a few seconds: what follows is the plateau. */
const LOAD_MS = 74_000;
const PLATEAU_FROM_S = 66;
/** The most that the capped server may have in TIME-WAIT. */
const BUCKETS = 47;

function setup(loadMs: number, buckets: number): Setup {
  return {
    hosts: {
      client: {
        sysctls: {
          // A SYN from a port that the server still remembers takes its TIME-WAIT away: the more ports, the more seldom.
          "net.ipv4.ip_local_port_range": "1024 65535",
          ...{ "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_timestamps": "1" },
        },
      },
      server: {
        sysctls: {
          ...{ "net.ipv4.tcp_max_tw_buckets": String(buckets), "net.ipv4.tcp_tw_reuse": "0" },
          ...{ "net.ipv4.tcp_timestamps": "1" },
        },
      },
    },
    links: [{ kind: "direct", between: ["client", "server"] }],
    programs: {
      server: {
        ...{ host: "server", role: "server", program: "short-against-long/http-server" },
        ...{ args: ["--port", "8080"], env: {}, limits: {}, withinMs: 10_000 },
      },
      load: {
        ...{ host: "client", role: "client", program: "clients/short-http" },
        args: [
          ...["--to", "{server}:8080", "--rate", String(RATE), "--duration-ms", String(loadMs)],
          ...["--concurrency", "23", "--close", "server", "--report", "histograms"],
          ...["--within-ms", String(loadMs + 5000)],
        ],
        ...{ env: {}, limits: {}, withinMs: loadMs + 10_000 },
      },
    },
    phases: [
      { name: "load", until: { exited: ["load"] }, withinMs: loadMs + 12_000 },
      { name: "drain", until: { elapsedMs: 250 }, withinMs: 2000 },
    ],
    interventions: [],
    observers: { sockets: { everyMs: 500 }, counters: { everyMs: 2000 } },
  };
}

const pile = { host: "server", state: "TIME-WAIT", side: "listener", port: 8080 } as const;

/** The counts of the looks from a minute and some after the first TIME-WAIT, while the load went on. */
function plateau(recording: Recording): number[] {
  const series = socketSeries(recording, pile).during("load");
  const first = series.points.find(({ value }) => value > 0);
  if (first === undefined) return [];
  const late = series.points.filter(({ atUs }) => atUs >= first.atUs + PLATEAU_FROM_S * 1e6);
  return late.map(({ value }) => value);
}

const mean = (values: number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Connections a second that the load came to: on a busy machine, a little less than it was told. */
function rate(recording: Recording): number | null {
  const [end] = samplesOf(recording, "load-end");
  return end === undefined || end.seconds <= 0 ? null : (end.outcomes["ok"] ?? 0) / end.seconds;
}

const closes: ExactExpectation[] = [
  neverSeen({ host: "client", state: "TIME-WAIT" }).because("the server closes first, each time"),
  quantity(
    "attempts that failed",
    {
      needs: ["load-end"],
      of: (recording: Recording) =>
        samplesOf(recording, "load-end").reduce(
          (sum, { outcomes, neverBegun }) =>
            sum +
            neverBegun +
            Object.entries(outcomes).reduce((bad, [how, count]) => bad + (how === "ok" ? 0 : count), 0),
          0,
        ),
    },
    exactly(0),
  ).because("a server takes no port for a TIME-WAIT, and says the same with it and without"),
];

export const experiment = fact({
  id: "time-wait-rate",
  title: "How many TIME-WAIT a steady rate leaves",
  question: "How large does the pile of TIME-WAIT grow, at so many connections a second?",
  tags: ["time-wait", "sysctl", "http"],
  variants: {
    steady: {
      summary: `${RATE} connections a second for longer than a minute`,
      setup: setup(LOAD_MS, 32_768),
      exact: [
        ...closes,
        quantity(
          "TIME-WAIT for each connection a second, when the first are over",
          {
            needs: ["sockets", "load-end"],
            of: (recording: Recording) => {
              const [most, perSecond] = [mean(plateau(recording)), rate(recording)];
              return most === null || perSecond === null ? null : most / perSecond;
            },
          },
          between(55, 66),
        ).because("as many come as go when each has lasted its minute"),
        quantity(
          "percent between the least and the most on that plateau",
          {
            needs: ["sockets"],
            of: (recording: Recording) => {
              const counts = plateau(recording);
              const middle = mean(counts);
              return middle === null ? null : ((Math.max(...counts) - Math.min(...counts)) / middle) * 100;
            },
          },
          atMost(15),
        ).because("the timer wheel lets them go in batches, so it is a saw, and a flat one"),
      ],
    },
    capped: {
      summary: `the same rate, and tcp_max_tw_buckets = ${BUCKETS}`,
      setup: setup(6000, BUCKETS),
      exact: [
        ...closes,
        socketsAtPeak(pile, exactly(BUCKETS)).because("no more are allowed"),
        counterMoved({ counter: "TcpExtTCPTimeWaitOverflow", host: "server" }, atLeast(BUCKETS)).because(
          "each further connection is closed without waiting, and counted",
        ),
        quantity(
          "seconds for which there were any",
          {
            needs: ["sockets"],
            of: (recording: Recording) => lasted(recording, pile)?.seconds ?? null,
          },
          atMost(59),
        ).because("it is over long before any of them is due"),
      ],
    },
  },
});
