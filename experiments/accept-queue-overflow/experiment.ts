import {
  acceptQueueFull,
  acceptQueueNearlyFull,
  acceptQueueNeverFull,
  atLeast,
  atMost,
  attemptsOk,
  counterMoved,
  counterSeries,
  counterStill,
  exactly,
  failureMode,
  fullestQueue,
  isAlwaysFull,
  latency,
  queueSeries,
  selfReported,
  setupOf,
  socketsAtPeak,
  sysctl,
  type Setup,
  type SymptomExpectation,
  type View,
  whereRead,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const ATTEMPTS = 97;
const OVERFLOWS = "TcpExtListenOverflows";

function setup(program: string): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    hosts: {
      // SYN retries 1 s apart, as Linux has had them since 6.5; older kernels do not know the sysctl and start with 1 s too.
      client: { "net.ipv4.tcp_syn_retries": "6" },
      server: { "net.ipv4.tcp_syncookies": "1", "net.ipv4.tcp_max_syn_backlog": "1024" },
    },
    servers: { server: `${program} --port 8080` },
    clients: {
      load: {
        run: `clients/short-tcp --to {server}:8080 --attempts ${ATTEMPTS} --rate 60 --concurrency ${ATTEMPTS} --timeout-ms 15000`,
        withinMs: 30_000,
      },
    },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 200 } },
    everyMs: { sockets: 100, listeners: 50, counters: 250, processes: 250 },
  });
}

const waiting = { host: "client", state: "SYN-SENT", side: "connector", port: 8080 } as const;
const everyone = attemptsOk({ program: "load" }, exactly(ATTEMPTS)).because(
  "a dropped SYN is sent again: nothing fails, but connecting takes long",
);

const FULL_FOR_GOOD =
  "the queue is full there too, because the server accepts no more: Recv-Q never falls, and new clients fail instead of waiting";

const isFull = acceptQueueNearlyFull().because(
  "ss -ltn shows Recv-Q at Send-Q of the listener, or one above it",
);

/** The same, with what limits the queue, and how many connections were accepted where it is full all the time. */
const nearlyFull: SymptomExpectation = {
  claim: isFull.claim,
  because: isFull.because,
  needs: isFull.needs,
  test: (view) => {
    const { holds, observed } = isFull.test(view);
    return { holds, observed: holds === true ? [observed, limit(view), pace(view)].join("") : observed };
  },
};

function limit(view: View): string {
  const somaxconn = whereRead(() => sysctl(view, "net.core.somaxconn"));
  const backlog = fullestQueue(view)?.backlog;
  if (somaxconn === null || backlog === undefined) return "";
  return Number(somaxconn) > backlog
    ? `; net.core.somaxconn is ${somaxconn}, so the program itself asked for ${backlog}, and no sysctl makes this queue longer`
    : `; net.core.somaxconn of this namespace is ${somaxconn}, too`;
}

/** How many were accepted: those that got into the queue, less those by which it has grown. */
function pace(view: View): string {
  const { first, last } = counterSeries(view, { counter: "TcpPassiveOpens" });
  const queue = queueSeries(view);
  if (!isAlwaysFull(view) || first === null || last === null || last.atUs === first.atUs) return "";
  const grown = (queue.last?.value ?? 0) - (queue.first?.value ?? 0);
  const [accepted, seconds] = [last.value - first.value - grown, (last.atUs - first.atUs) / 1e6];
  return `; it never had much room, and ${accepted} connections were accepted in ${seconds.toFixed(1)} s`;
}

export const experiment = failureMode({
  id: "accept-queue-overflow",
  title: "Connections that wait a second for nothing: the accept queue is full",
  question: "Where does the time go when clients wait for seconds and the server answers in milliseconds?",
  tags: ["tour", "accept-queue", "backlog", "latency"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "a backlog of 4, and an event loop that a job blocks for 0.8 s at a time",
      setup: setup("accept-queue-overflow/buggy"),
      exact: [
        everyone,
        acceptQueueFull({ host: "server" }).because(
          "the queue holds backlog + 1 connections, and nobody accepts",
        ),
        counterMoved({ counter: OVERFLOWS, host: "server" }, atLeast(1)).because(
          "the kernel counts every SYN, retries included, and every third segment of a handshake that meets a full queue",
        ),
        socketsAtPeak(waiting, atLeast(5)).because(
          "the client's SYN was dropped silently, so the client waits in SYN-SENT",
        ),
        counterMoved({ counter: "TcpExtTCPSynRetrans", host: "client" }, atLeast(5)).because(
          "only the retry of the SYN ends the wait",
        ),
        latency({ program: "load" }, "connectMs", 90, atLeast(900)).because(
          "the first retry comes after 1 s: the delay is the kernel's timer, not the server's work",
        ),
        selfReported({ program: "server" }, "serviceMs", 90, atMost(100)).because(
          "by the server's own clock, which begins at accept(), every request is quick",
        ),
      ],
    },
    fixed: {
      summary: "a backlog of 4, and a job that returns to the event loop after each step",
      setup: setup("accept-queue-overflow/fixed"),
      exact: [
        everyone,
        counterStill({ counter: OVERFLOWS, host: "server" }).because(
          "a server that accepts at once needs no queue",
        ),
        latency({ program: "load" }, "connectMs", 99, atMost(500)).because("no SYN had to be sent twice"),
      ],
    },
    "fixed-by-backlog": {
      summary: "an event loop that a job blocks for 0.8 s at a time, and a backlog of 511",
      setup: setup("accept-queue-overflow/fixed-by-backlog"),
      exact: [
        everyone,
        acceptQueueNeverFull({ host: "server" }).because(
          "the queue is long enough for what comes while the job runs",
        ),
        counterStill({ counter: OVERFLOWS, host: "server" }).because("no SYN meets a full queue"),
        counterStill({ counter: "TcpExtTCPSynRetrans", host: "client" }).because(
          "the kernel finishes every handshake at once, whatever the program does: no SYN is sent twice",
        ),
        latency({ program: "load" }, "connectMs", 99, atMost(500)).because(
          "connecting does not wait for accept()",
        ),
        latency({ program: "load" }, "totalMs", 90, atLeast(100)).because(
          "the wait has only moved: answers still wait until the job is done",
        ),
      ],
    },
  },
  symptom: [
    nearlyFull,
    counterMoved({ counter: OVERFLOWS }, atLeast(1)).because(
      "SYNs were dropped because of it during the looks",
    ),
  ],
  explains: {
    "phantom-established": {
      because: "a third segment that meets the full queue is dropped, as a SYN is",
      when: isAlwaysFull,
    },
    "somaxconn-clamp": {
      because:
        "the queue never has much room: connections come faster than they are accepted, and a longer queue would be full as well, a little later",
      when: isAlwaysFull,
    },
  },
  overlaps: {
    "somaxconn-clamp/buggy":
      "the same overflow: Send-Q of the listener is net.core.somaxconn there, so the namespace limits the queue and not the program",
    "close-wait-exhaustion/waits":
      "the queue is full there too, because accept() fails: the process has reached its limit of descriptors, most of them in CLOSE-WAIT",
    "accept-queue-length/backlog-4": FULL_FOR_GOOD,
    "accept-queue-length/somaxconn-4": FULL_FOR_GOOD,
    "accept-queue-length/abort": FULL_FOR_GOOD,
    "accept-queue-length/cookies-always": FULL_FOR_GOOD,
    "third-segment-refused/dropped":
      "the queue is full there too, and a third segment finds it full: a SYN-RECEIVED row stays, and no client repeats its SYN",
    "third-segment-refused/given-up":
      "the queue is full there too, and a third segment finds it full: a SYN-RECEIVED row stays until its SYN-ACKs are used up",
    "third-segment-refused/abort":
      "the queue is full there too, and a third segment finds it full: TcpExtEmbryonicRsts moves with the overflow",
    "phantom-established/buggy":
      "the queue is full there too, and third segments find it full: SYN-RECEIVED rows stay, and their SYN-ACKs are repeated",
    "phantom-established/fixed-by-abort":
      "the queue is full there too, and third segments find it full: TcpExtEmbryonicRsts moves with the overflows",
  },
});
