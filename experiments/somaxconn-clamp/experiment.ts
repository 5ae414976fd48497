import {
  acceptQueueFull,
  acceptQueueNeverFull,
  atLeast,
  atMost,
  attemptsOk,
  counterMoved,
  counterStill,
  exactly,
  failureMode,
  fullestQueue,
  isAlwaysFull,
  latency,
  quantity,
  samplesOf,
  setupOf,
  sysctl,
  type Answer,
  type Evidence,
  type ExactExpectation,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Clients that come while the server prepares itself. */
const CLIENTS = 199;
/** The namespace's limit of accept queues. It was 128 in containers before Linux 5.4, and is 4096 by default since. */
const CLAMP = 47;
/** What the program gives to listen(). */
const ASKED = 1024;
const OVERFLOWS = "TcpExtListenOverflows";

function setup(program: string, somaxconn: number): Setup {
  return setupOf({
    sysctls: { "net.ipv4.tcp_tw_reuse": "0" },
    hosts: {
      // SYN retries 1 s apart, as Linux has had them since 6.5; older kernels do not know the sysctl and start with 1 s too.
      client: { "net.ipv4.tcp_syn_retries": "6" },
      server: {
        "net.core.somaxconn": String(somaxconn),
        "net.ipv4.tcp_syncookies": "1",
        "net.ipv4.tcp_max_syn_backlog": "1024",
      },
    },
    servers: { server: { run: `python3 {here}/${program}.py 8080`, listens: 8080 } },
    clients: {
      load: `clients/short-tcp --to {server}:8080 --attempts ${CLIENTS} --rate 199 --concurrency ${CLIENTS} --timeout-ms 10000`,
    },
    phases: [
      { name: "load", until: { exited: ["load"] } },
      { name: "drain", until: { elapsedMs: 200 } },
    ],
    everyMs: { sockets: 200, listeners: 50, counters: 250, processes: 250 },
  });
}

const everyone = attemptsOk({ program: "load" }, exactly(CLIENTS)).because(
  "a dropped SYN is sent again: nothing fails, but connecting takes long",
);

/** Send-Q of the listener. */
const queueIs = (length: number, because: string): ExactExpectation =>
  quantity(
    "connections for which the listener's queue is made",
    {
      needs: ["listeners"],
      of: (recording: Evidence) => fullestQueue(recording, { host: "server" })?.backlog ?? null,
    },
    exactly(length),
  ).because(because);

/**
 * Whether a listener has a queue that was nearly full in some look, and a backlog that is somaxconn of its namespace. Nearly, because SYNs
 * that were dropped come again a second later: a look in between finds a queue out of which some were accepted.
 */
function isClamped(evidence: Evidence): Answer {
  const somaxconn = sysctl(evidence, "net.core.somaxconn");
  if (somaxconn === null) return { holds: null, observed: "net.core.somaxconn was not read" };
  const [fullest] = samplesOf(evidence, "listeners")
    .flatMap(({ listeners }) => listeners)
    .filter(({ queue, backlog }) => queue >= 0.75 * backlog && backlog === Number(somaxconn))
    .toSorted((one, other) => other.queue - one.queue);
  if (fullest === undefined) {
    return {
      holds: false,
      observed: `no nearly full queue has the length of net.core.somaxconn, ${somaxconn}`,
    };
  }
  const { port, queue, backlog } = fullest;
  return {
    holds: true,
    observed: `port ${port} has a Send-Q of ${backlog}, and net.core.somaxconn of this namespace is ${somaxconn}; up to ${queue} connections waited`,
  };
}

export const experiment = failureMode({
  id: "somaxconn-clamp",
  title: "A queue that is shorter than the program asked",
  question: "Who decides how long an accept queue is, if the program asks for 1024?",
  tags: ["accept-queue", "backlog", "containers", "python"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: `listen(${ASKED}) in a namespace with a somaxconn of ${CLAMP}, and 0.9 s without accept()`,
      setup: setup("buggy", CLAMP),
      exact: [
        everyone,
        queueIs(CLAMP, `the kernel takes the smaller one of ${ASKED} and somaxconn, and listen() returns 0`),
        acceptQueueFull({ host: "server" }).because("more clients come than the queue holds"),
        counterMoved({ host: "server", counter: OVERFLOWS }, atLeast(5)).because(
          "each SYN that meets a full queue is dropped and counted",
        ),
        counterMoved({ host: "client", counter: "TcpExtTCPSynRetrans" }, atLeast(5)).because(
          "only the retry of the SYN ends the wait",
        ),
        latency({ program: "load" }, "connectMs", 90, atLeast(900)).because(
          "the first retry comes after 1 s",
        ),
      ],
    },
    fixed: {
      summary: `listen(${ASKED}) in a namespace with a somaxconn of ${CLAMP}, and a loop that only accepts`,
      setup: setup("fixed", CLAMP),
      exact: [
        everyone,
        queueIs(CLAMP, "the queue is as short as before, and that does no harm"),
        counterStill({ host: "server", counter: OVERFLOWS }).because("nothing waits in the queue for long"),
        latency({ program: "load" }, "firstByteMs", 50, atLeast(100)).because(
          "the answers still wait for the preparation, each in its own thread",
        ),
        latency({ program: "load" }, "connectMs", 99, atMost(500)).because("no SYN had to be sent twice"),
      ],
    },
    "fixed-by-sysctl": {
      summary: `the server of buggy, in a namespace with a somaxconn of 4096`,
      setup: setup("buggy", 4096),
      exact: [
        everyone,
        queueIs(ASKED, "now the program's own number is the smaller one"),
        acceptQueueNeverFull({ host: "server" }).because("there is room for all that come meanwhile"),
        counterStill({ host: "server", counter: OVERFLOWS }).because("no SYN meets a full queue"),
        latency({ program: "load" }, "connectMs", 99, atMost(500)).because(
          "connecting does not wait for accept()",
        ),
      ],
    },
  },
  symptom: [
    counterMoved({ counter: OVERFLOWS }, atLeast(1)).because("SYNs were dropped because a queue was full"),
    {
      claim: "a listener's queue is nearly full, and its Send-Q is net.core.somaxconn of this namespace",
      because:
        "the program has asked for as much or more; with a number of its own the two would differ: accept-queue-overflow",
      needs: ["listeners"],
      test: isClamped,
    },
  ],
  explains: {
    "accept-queue-overflow": {
      because: "the queue has room in between: one as long as the program asked for would hold the burst",
      when: (view) => !isAlwaysFull(view),
    },
  },
  overlaps: {
    "accept-queue-length/somaxconn-4":
      "somaxconn is what limits the queue there too; it stays full, because nobody ever accepts",
  },
});
