import {
  atMost,
  between,
  exactly,
  fact,
  lastedFor,
  quantity,
  settingsForTimeWait,
  setupOf,
  socketsAtEndOf,
  socketsAtPeak,
  times,
  type Bound,
  type ExactExpectation,
  type Setup,
  type Sockets,
  type Sysctls,
} from "../../harness/experiment.ts";

/** Closed by both ends, the client's first. */
const CLOSED = 23;
/** Connections that only the client closes, and that only the client shuts down. Few, because their other ends stay in CLOSE-WAIT. */
const ORPHANED = 2;
const HELD = 2;
/** Time enough for the longest state: 70 s, and the timers' own slack. */
const MOST_MS = 76_000;
const FIN_TIMEOUT = "net.ipv4.tcp_fin_timeout";

/** `changed`: sysctls of the client, which has the waiting ends. If tcp_fin_timeout is not among them, it is the kernel's default. */
function setup(changed: Sysctls): Setup {
  const waiting = { host: "client", port: 8081, state: "FIN-WAIT-2" } as const;
  const closing = times(CLOSED, ["accept", "recv end", "close"]);
  const silent = times(ORPHANED + HELD, ["accept", "keep"]);
  const orphaning = times(ORPHANED, ["connect {server}:8081", "close"]);
  const holding = times(HELD, ["connect {server}:8081", "shutdown write", "keep"]);
  return setupOf({
    sysctls: { "net.ipv4.tcp_timestamps": "1" },
    hosts: {
      client: { "net.ipv4.tcp_max_tw_buckets": "4096", "net.ipv4.tcp_tw_reuse": "0", ...changed },
    },
    servers: {
      closing: ["clients/calls", "listen 8080 64", ...closing, "stay"],
      silent: ["clients/calls", "listen 8081 8", ...silent, "stay"],
    },
    clients: {
      closer: ["clients/calls", "--times", String(CLOSED), "connect {server}:8080", "close"],
      waiter: { run: ["clients/calls", ...orphaning, ...holding, "stay"], withinMs: 100_000 },
      settings: "time-wait-length/settings",
    },
    phases: {
      load: { all: [{ exited: ["closer", "settings"] }, { sockets: waiting, atLeast: ORPHANED + HELD }] },
      drain: {
        until: {
          any: [
            { elapsedMs: MOST_MS },
            {
              all: [
                { elapsedMs: 62_000 },
                { sockets: { host: "client", state: "TIME-WAIT" }, atMost: 0 },
                { sockets: waiting, atMost: HELD },
              ],
            },
          ],
        },
        withinMs: MOST_MS + 4000,
      },
    },
    interventions: [
      // From here on, the connections in TIME-WAIT have no program at either end.
      {
        name: "the server's program is ended",
        phase: "drain",
        when: { elapsedMs: 2000 },
        do: { signal: "SIGKILL", program: "closing" },
      },
    ],
    everyMs: { sockets: 250, counters: 1000, processes: 1000 },
  });
}

const timeWait = { host: "client", state: "TIME-WAIT", port: 8080 } as const;
const orphaned = { host: "client", state: "FIN-WAIT-2", port: 8081, owner: "none" } as const;
const held = { host: "client", state: "FIN-WAIT-2", port: 8081, timer: "none", owner: "process" } as const;

const seconds = (name: string, which: Sockets, bound: Bound, because: string): ExactExpectation =>
  quantity(
    `seconds from the first sample with ${name} to the first without`,
    lastedFor(which),
    bound,
  ).because(because);

/** `orphanS`: how long a FIN-WAIT-2 without a process lasts, and why. */
function waits(orphanS: number, because: string): ExactExpectation[] {
  return [
    socketsAtPeak(timeWait, exactly(CLOSED)).because("the client closed first, and keeps each of them"),
    seconds(
      "TIME-WAIT",
      timeWait,
      between(59, 66),
      "it is a constant of the kernel, TCP_TIMEWAIT_LEN: 60 s, and the timer wheel is some seconds coarse",
    ),
    seconds("FIN-WAIT-2 without a process", orphaned, between(orphanS - 1, orphanS * 1.1 + 2), because),
    socketsAtPeak(held, exactly(HELD)).because(
      "a connection that was only shut down has a process, and no timer",
    ),
    socketsAtEndOf("drain", held, exactly(HELD)).because("only the other end or the process ends it"),
  ];
}

export const experiment = fact({
  id: "time-wait-length",
  title: "A minute of TIME-WAIT, whatever is set",
  question: "How long does TIME-WAIT last, and which setting changes it?",
  tags: ["time-wait", "fin-wait-2", "sysctl", "close"],
  variants: {
    default: {
      summary: "tcp_fin_timeout as the kernel has it",
      setup: setup({}),
      exact: [
        ...waits(60, "tcp_fin_timeout is 60 s by default, and is for this state"),
        quantity("sysctls with a name for the length of TIME-WAIT", settingsForTimeWait(), atMost(0)).because(
          "no such setting exists: tcp_tw_reuse_delay is for connect(), tcp_fin_timeout for FIN-WAIT-2",
        ),
      ],
    },
    "fin-timeout-30": {
      summary: "tcp_fin_timeout = 30, as it is often recommended",
      setup: setup({ [FIN_TIMEOUT]: "30" }),
      exact: waits(30, "tcp_fin_timeout is 30 s"),
    },
    "all-else": {
      summary:
        "tcp_fin_timeout = 70, keep-alive timers and retry counts at 1, TIME-WAIT's other settings reversed",
      setup: setup({
        [FIN_TIMEOUT]: "70",
        "net.ipv4.tcp_keepalive_time": "1",
        "net.ipv4.tcp_keepalive_intvl": "1",
        "net.ipv4.tcp_keepalive_probes": "1",
        "net.ipv4.tcp_retries1": "1",
        "net.ipv4.tcp_retries2": "1",
        "net.ipv4.tcp_orphan_retries": "1",
        "net.ipv4.tcp_syn_retries": "1",
        "net.ipv4.tcp_synack_retries": "1",
        "net.ipv4.tcp_rfc1337": "1",
        "net.ipv4.tcp_timestamps": "0",
        "net.ipv4.tcp_tw_reuse": "1",
        "net.ipv4.tcp_max_tw_buckets": "997",
      }),
      exact: waits(
        20,
        "above 60 s the kernel waits twice for the part above 60 s: 10 s with the socket, and 10 s without (tcp_timer.c)",
      ),
    },
  },
});
