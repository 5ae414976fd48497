import {
  atBothEnds,
  atLeast,
  between,
  callsEnded,
  dueIn,
  exactly,
  fact,
  keepAliveProbes,
  neverSeen,
  quantity,
  samplesOf,
  segments,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  type Bound,
  type Condition,
  type ExactExpectation,
  type InterventionPlan,
  type Recording,
  type Setup,
  type Sysctls,
} from "../../harness/experiment.ts";

/** How long to watch that nothing happens. */
const SILENT_MS = 4000;
/** A timer of a second is late by a tick or two, and by more on a busy machine. */
const LATE_MS = 900;

interface Plan {
  /** Sysctls of the server's host; the others keep the kernel's defaults. */
  sysctls?: Sysctls;
  /** The server's calls before it listens: accepted sockets inherit the listener's options. */
  first?: string[];
  /** The server's calls on its connection. */
  served?: string[];
  /** What happens at the start of `drain`. Default: the cable is pulled. */
  happens?: InterventionPlan;
  until: Condition;
}

const CUT: InterventionPlan = {
  name: "cable pulled",
  phase: "drain",
  when: { elapsedMs: 0 },
  do: { link: "cut", nth: 0 },
};
const STOPPED: InterventionPlan = {
  name: "stopped",
  phase: "drain",
  when: { elapsedMs: 0 },
  do: { signal: "SIGSTOP", program: "client" },
};
const ESTABLISHED = atBothEnds({ state: "ESTABLISHED", port: 8080 }, { atLeast: 1 });

/** A request, an answer, and silence; in the phase `drain` the cable is pulled, or the client's process is stopped. */
function setup({ sysctls = {}, first = [], served = ["recv end"], happens = CUT, until }: Plan): Setup {
  const server = [...first, "listen 8080 4", "accept", "recv 97", "send 47", ...served, "stay"];
  return setupOf({
    hosts: { server: sysctls },
    links: [{ kind: "wire" }],
    servers: { server: { run: ["clients/calls", ...server], withinMs: 30_000 } },
    clients: {
      client: { run: ["clients/calls", "connect {server}:8080", "send 97", "recv end"], withinMs: 30_000 },
    },
    phases: { load: { until: { heldForMs: 200, condition: ESTABLISHED }, withinMs: 10_000 }, drain: until },
    interventions: [happens],
    everyMs: { sockets: 250, counters: 500 },
  });
}

const QUICK = {
  "net.ipv4.tcp_keepalive_time": "1",
  "net.ipv4.tcp_keepalive_intvl": "1",
  "net.ipv4.tcp_keepalive_probes": "3",
};
const ASKED = ["set SO_KEEPALIVE 1"];
const silence: Condition = { elapsedMs: SILENT_MS };
const gone: Condition = { sockets: { host: "server", state: "ESTABLISHED", port: 8080 }, atMost: 0 };

const waiting = { host: "server", state: "ESTABLISHED", side: "listener", port: 8080 } as const;

/** From the last segment received to the failure of the server's recv(). */
const silentMs = {
  needs: ["packet" as const, "report" as const],
  of: (recording: Recording): number | null => {
    const lastReceived = segments(recording, { from: "client", fate: "passed" }).at(-1);
    const failed = samplesOf(recording, "report").find(
      ({ program, report }) =>
        program === "server" && report["call"] === "recv" && typeof report["result"] === "string",
    );
    return lastReceived === undefined || failed === undefined
      ? null
      : (failed.atUs - lastReceived.atUs) / 1000;
  },
};

const stillThere = (because: string): ExactExpectation =>
  socketsAtEndOf("drain", waiting, exactly(1)).because(because);
const probesSent = (bound: Bound, because: string): ExactExpectation =>
  quantity("keep-alive probes from the server", keepAliveProbes("server"), bound).because(because);
const failsWith = (errno: string, because: string): ExactExpectation =>
  callsEnded({ program: "server", call: "recv" }, errno, exactly(1)).because(because);
const diedAfter = (seconds: number, because: string): ExactExpectation =>
  quantity(
    "ms from the last received segment to the end",
    silentMs,
    between(seconds * 1000 - 50, seconds * 1000 + LATE_MS),
  ).because(because);

/** The longest remaining time of the keep-alive timer, in seconds. */
const timerSeconds = dueIn({ ...waiting, timer: "keepalive" });

export const experiment = fact({
  id: "keep-alive-probes",
  title: "Keep-alive probes: when they are sent, and when not",
  question: "What does SO_KEEPALIVE do for a connection whose cable was pulled, and what does it not do?",
  tags: ["keep-alive", "half-open", "timers", "wire"],
  variants: {
    "not-asked": {
      summary: "no SO_KEEPALIVE, however short the kernel's times are",
      setup: setup({ sysctls: QUICK, until: silence }),
      exact: [
        stillThere("no timer runs"),
        probesSent(exactly(0), "the sysctls apply only to sockets with SO_KEEPALIVE"),
        neverSeen({ ...waiting, timer: "keepalive" }).because("SO_KEEPALIVE is off unless a program sets it"),
      ],
    },
    defaults: {
      summary: "SO_KEEPALIVE, with the kernel's default times",
      setup: setup({ first: ASKED, until: silence }),
      exact: [
        stillThere("the first probe is hours away"),
        probesSent(exactly(0), "the first probe is hours away"),
        quantity("s on the keep-alive timer", timerSeconds, between(7000, 7201)).because(
          "tcp_keepalive_time is 7200 s by default",
        ),
      ],
    },
    "default-count": {
      summary: "SO_KEEPALIVE after 1 s and every second, with the kernel's default number of probes",
      setup: setup({
        sysctls: { "net.ipv4.tcp_keepalive_time": "1", "net.ipv4.tcp_keepalive_intvl": "1" },
        first: ASKED,
        until: gone,
      }),
      exact: [
        probesSent(exactly(9), "tcp_keepalive_probes is 9 by default"),
        failsWith("ETIMEDOUT", "the wait after the last probe is over too"),
        diedAfter(10, "1 s of silence, and then nine waits of 1 s for an answer"),
      ],
    },
    "three-probes": {
      summary: "SO_KEEPALIVE after 1 s, every second, three times",
      setup: setup({ sysctls: QUICK, first: ASKED, until: gone }),
      exact: [
        probesSent(exactly(3), "tcp_keepalive_probes is 3 here"),
        failsWith("ETIMEDOUT", "nobody has answered"),
        diedAfter(4, "1 s of silence, and then three waits of 1 s for an answer"),
      ],
    },
    "data-under-way": {
      summary:
        "SO_KEEPALIVE after 1 s, every second, three times, and the server sends 97 bytes after the cable is pulled",
      setup: setup({
        sysctls: QUICK,
        first: ASKED,
        served: ["wait 800", "send 97", "recv end"],
        until: { elapsedMs: 6000 },
      }),
      exact: [
        probesSent(exactly(0), "unacknowledged data is repeated, and no probe is sent meanwhile"),
        stillThere("tcp_retries2 applies here: a quarter of an hour"),
        socketsAtPeak({ ...waiting, timer: "on" }, exactly(1)).because(
          "the socket shows the retransmission timer, not the keep-alive timer",
        ),
      ],
    },
    "peer-stopped": {
      summary: "the cable is connected, and the client's process is stopped",
      setup: setup({ sysctls: QUICK, first: ASKED, happens: STOPPED, until: { elapsedMs: 6000 } }),
      exact: [
        stillThere("the other end's kernel answers, even if its process is stopped"),
        probesSent(atLeast(4), "each answer restarts the wait of 1 s"),
      ],
    },
  },
});
