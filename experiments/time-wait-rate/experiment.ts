import {
  atLeast,
  atMost,
  between,
  counterMoved,
  exactly,
  fact,
  neverSeen,
  openedEachSecond,
  quantity,
  reported,
  seenFor,
  setupOf,
  socketsAtPeak,
  socketSeries,
  type ExactExpectation,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";
import { signs } from "./signs.ts";

/** Requests a second; the server closes the connection of each. */
const RATE = 23;
/**
 * The number of the server's addresses, which the requests use in turn. A SYN from a port that the server still has in TIME-WAIT ends
 * that TIME-WAIT; more pairs of ends make that rarer.
 */
const ADDRESSES = ["192.0.2.2", "198.51.100.2", "[2001:db8:0:0::2]", "[2001:db8:0:1::2]"];
/** The first TIME-WAIT is over after a minute and a few seconds: then the plateau begins. */
const LOAD_MS = 74_000;
const PLATEAU_FROM_S = 66;
/** The largest number of TIME-WAIT that the capped server may have. */
const BUCKETS = 47;

function setup(loadMs: number, buckets: number): Setup {
  const to = ADDRESSES.map((address) => `--to ${address}:8080`).join(" ");
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_timestamps": "1" },
    hosts: {
      client: { "net.ipv4.ip_local_port_range": "1024 65535" },
      server: { "net.ipv4.tcp_max_tw_buckets": String(buckets) },
    },
    links: [
      { kind: "direct", between: ["client", "server"] },
      { kind: "direct", between: ["client", "server"] },
    ],
    servers: { server: "short-against-long/http-server --port 8080" },
    clients: {
      load: {
        run: `time-wait-rate/client ${to} --rate ${RATE} --duration-ms ${loadMs}`,
        withinMs: loadMs + 15_000,
      },
    },
    phases: { load: { until: { exited: ["load"] }, withinMs: loadMs + 17_000 }, drain: { elapsedMs: 250 } },
    everyMs: { sockets: 500, counters: 2000 },
  });
}

const pile = { host: "server", state: "TIME-WAIT", side: "listener", port: 8080 } as const;

/** The counts of the looks on the plateau, while the load went on. */
function plateau(recording: Recording): number[] {
  const series = socketSeries(recording, pile).during("load");
  const first = series.points.find(({ value }) => value > 0);
  if (first === undefined) return [];
  const late = series.points.filter(({ atUs }) => atUs >= first.atUs + PLATEAU_FROM_S * 1e6);
  return late.map(({ value }) => value);
}

const mean = (values: number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Connections a second in the last minute of the load: on a busy machine a little fewer than set. */
const rate = openedEachSecond();

const closes: ExactExpectation[] = [
  neverSeen({ host: "client", state: "TIME-WAIT" }).because("the server closes first each time"),
  quantity(
    "requests that got no answer",
    {
      needs: ["report"],
      of: (recording: Recording) => reported(recording, { kind: "asked" }, "failed")[0] ?? null,
    },
    exactly(0),
  ).because("a TIME-WAIT takes no port at a server, which answers the same with it and without"),
];

export const experiment = fact({
  id: "time-wait-rate",
  title: "How many TIME-WAIT a steady rate leaves",
  question: "How large does the pile of TIME-WAIT grow at a steady rate of connections?",
  tags: ["time-wait", "sysctl", "http"],
  signs,
  variants: {
    steady: {
      summary: `${RATE} connections a second for longer than a minute`,
      setup: setup(LOAD_MS, 32_768),
      exact: [
        ...closes,
        quantity(
          "TIME-WAIT for each connection a second, when the first are over",
          {
            needs: ["sockets", "counters"],
            of: (recording: Recording) => {
              const [most, perSecond] = [mean(plateau(recording)), rate.of(recording)];
              return most === null || perSecond === null ? null : most / perSecond;
            },
          },
          between(57, 66),
        ).because("after a minute as many TIME-WAIT begin as end"),
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
        ).because("the timer wheel ends them in batches, so the number varies a little"),
      ],
    },
    capped: {
      summary: `${RATE} connections a second, and tcp_max_tw_buckets = ${BUCKETS}`,
      setup: setup(6000, BUCKETS),
      exact: [
        ...closes,
        socketsAtPeak(pile, exactly(BUCKETS)).because("no more are allowed"),
        counterMoved({ counter: "TcpExtTCPTimeWaitOverflow", host: "server" }, atLeast(BUCKETS)).because(
          "each further connection is closed without TIME-WAIT, and counted",
        ),
        quantity("seconds for which there were any", seenFor(pile), atMost(59)).because(
          "the load is over long before any of them ends",
        ),
      ],
    },
  },
});
