import {
  atLeast,
  atMost,
  counterMoved,
  exactly,
  failureMode,
  localPorts,
  quantity,
  samplesOf,
  setupOf,
  type Answer,
  type Evidence,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Three quarters of the ports. */
const JOBS = 3067;
const PORTS = 4096;
/** The connects of each quarter of the ports are summed up together: three quarters here, and the third begins behind the half. */
const GROUPS = 3;

function setup(program: string, ports = PORTS): Setup {
  return setupOf({
    sysctls: {
      "net.ipv4.tcp_tw_reuse": "0",
      "net.ipv4.tcp_max_tw_buckets": "16384",
      "net.ipv4.tcp_timestamps": "1",
    },
    hosts: { client: { "net.ipv4.ip_local_port_range": `32768 ${32_768 + ports - 1}` } },
    servers: { server: "short-against-long/tcp-server --port 8080" },
    clients: {
      worker: { run: `python3 {here}/${program}.py {server}:8080 ${JOBS} ${GROUPS}`, withinMs: 30_000 },
    },
    phases: [
      { name: "load", until: { exited: ["worker"] } },
      { name: "drain", until: { elapsedMs: 500 } },
    ],
    everyMs: { sockets: 100, counters: 250, processes: 500 },
  });
}

/** How many times as long a connect() of the last group took as one of the first, by their medians. */
function timesAsLong(recording: Recording): number | null {
  const medians = samplesOf(recording, "report").flatMap(({ report }) => {
    const { kind, medianUs } = report;
    return kind === "connects" && typeof medianUs === "number" ? [medianUs] : [];
  });
  const [first, last] = [medians[0], medians[GROUPS - 1]];
  return first === undefined || last === undefined ? null : last / first;
}
const ratio = { needs: ["program" as const], of: timesAsLong };

/** The largest share of the ports that one destination had in TIME-WAIT in some look. */
function largestShare(evidence: Evidence): { share: number; words: string } | null {
  const ports = localPorts(evidence);
  if (ports === null) return null;
  let largest = { share: 0, words: `no destination had any of ${ports} ports in TIME-WAIT` };
  for (const { groups } of samplesOf(evidence, "sockets")) {
    const counts = new Map<string, number>();
    for (const { side, state, count, examples } of groups) {
      if (side !== "connector" || state !== "TIME-WAIT") continue;
      // The rows of a group stand for all of it.
      for (const { remote } of examples)
        counts.set(remote, (counts.get(remote) ?? 0) + count / examples.length);
    }
    for (const [remote, count] of counts) {
      if (count / ports <= largest.share) continue;
      largest = {
        share: count / ports,
        words: `${Math.round(count)} of ${ports} ports were in TIME-WAIT for ${remote}`,
      };
    }
  }
  return largest;
}

function isBeyondHalf(evidence: Evidence): Answer {
  const largest = largestShare(evidence);
  if (largest === null) return { holds: null, observed: "net.ipv4.ip_local_port_range was not read" };
  return { holds: largest.share > 0.5 && largest.share < 0.9, observed: largest.words };
}

const opens = { host: "client", counter: "TcpActiveOpens" } as const;

export const experiment = failureMode({
  id: "connect-latency-cliff",
  title: "connect() becomes slow when half of the ports are in use",
  question: "How long before the ports run out does a client begin to suffer?",
  tags: ["ports", "time-wait", "latency"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "a connection for each job, and three quarters of the ports in TIME-WAIT",
      setup: setup("buggy"),
      exact: [
        counterMoved(opens, exactly(JOBS)).because("there are ports enough: no connect() fails"),
        quantity(
          "times as long for connect() in the third quarter of the ports as in the first",
          ratio,
          atLeast(3),
        ).because("each call first tries all ports of one half, and finds every one in use"),
      ],
    },
    fixed: {
      summary: "one connection for all jobs",
      setup: setup("fixed"),
      exact: [counterMoved(opens, exactly(1)).because("one connection needs one port")],
    },
    "fixed-by-range": {
      summary: "a connection for each job, and twice as many ports",
      setup: setup("buggy", 2 * PORTS),
      exact: [
        counterMoved(opens, exactly(JOBS)).because("no connect() fails"),
        quantity("times as long for connect() by the last jobs as by the first", ratio, atMost(2)).because(
          "fewer than half of the ports are in use, and the first try mostly finds a free one",
        ),
      ],
    },
  },
  symptom: [
    {
      claim:
        "more than half of the ephemeral ports, and less than 90 %, are in TIME-WAIT for one destination at the peak",
      because:
        "a client that makes and ends connections so fast goes on, and from the half on each connect() first searches half of the range in vain",
      needs: ["sockets"],
      test: isBeyondHalf,
      metered: {
        condition: {
          of: "sockets",
          which: { state: "TIME-WAIT", side: "connector" },
          is: { above: 0.5, below: 0.9 },
          outOf: "local ports",
          each: "destination",
          stays: false,
        },
        test: isBeyondHalf,
      },
    },
  ],
  overlaps: {
    "time-wait-pile/at-the-client":
      "there a client makes as large a pile on purpose, and the time of connect() is what it measures",
  },
});
