import {
  atLeast,
  attemptsOk,
  between,
  counterMoved,
  counterStill,
  exactly,
  failureMode,
  listenerPairs,
  outcomes,
  portIsShared,
  samplesOf,
  setupOf,
  socketsAtEndOf,
  type Answer,
  type Evidence,
  type ListenerRow,
  type ListenersSample,
  type Setup,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

const ATTEMPTS = 97;
/** Far fewer than a half, because the old process serves some before it is told to go. */
const SOME = 11;

function setup(program: string, migrate = "0"): Setup {
  const server = `python3 {here}/${program}.py 8080`;
  return setupOf({
    hosts: { server: { "net.core.somaxconn": "128", "net.ipv4.tcp_migrate_req": migrate } },
    servers: { old: server, new: server },
    clients: {
      load: {
        run: `clients/short-tcp --to {server}:8080 --attempts ${ATTEMPTS} --concurrency ${ATTEMPTS} --timeout-ms 10000`,
        withinMs: 30_000,
      },
    },
    phases: [
      { name: "load", until: { exited: ["load"] } },
      { name: "drain", until: { elapsedMs: 700 } },
    ],
    interventions: [
      {
        name: "the old process goes",
        phase: "load",
        // A queue that stands for a while: who looks only a few times a second sees it, too.
        when: {
          heldForMs: 400,
          condition: { sockets: { host: "server", state: "ESTABLISHED", side: "listener" }, atLeast: 23 },
        },
        do: { signal: "SIGHUP", program: "old" },
      },
    ],
    everyMs: { sockets: 50, listeners: 50, counters: 250, processes: 250 },
  });
}

/** A listener that is gone in a look, although connections waited there before and another one of its port is still there. */
function leftWithQueue(before: ListenersSample, after: ListenersSample): ListenerRow | undefined {
  const still = new Set(after.listeners.map(({ inode }) => inode));
  const pairs = listenerPairs(before);
  return pairs.find(([one, other]) => one.queue > 0 && !still.has(one.inode) && still.has(other.inode))?.[0];
}

function closedWithQueue(evidence: Evidence): Answer {
  const looks = samplesOf(evidence, "listeners");
  for (const [nth, look] of looks.entries()) {
    const before = looks[nth - 1];
    const gone = before === undefined ? undefined : leftWithQueue(before, look);
    if (gone === undefined) continue;
    const waited = `${gone.queue} connections waited at one listener of ${gone.address}:${gone.port}`;
    const at = (look.atUs / 1e6).toFixed(2);
    return { holds: true, observed: `${waited}, which was gone at ${at} s; another one was still there` };
  }
  const isUnknown = portIsShared(evidence) === null;
  return { holds: isUnknown ? null : false, observed: "no sample showed a listener go like that" };
}

const load = { program: "load" };
const all = attemptsOk(load, exactly(ATTEMPTS));
const noResets = counterStill({ host: "server", counter: "TcpOutRsts" });
const one = socketsAtEndOf("drain", { host: "server", state: "LISTEN", port: 8080 }, exactly(1)).because(
  "the old process has closed its listening socket",
);

export const experiment = failureMode({
  id: "reuseport-close-resets",
  title: "A listener is closed, and the connections in its queue are reset",
  question: "What becomes of a connection that waits at the one of two listeners that is closed?",
  tags: ["listen", "so-reuseport", "restart", "accept-queue", "reset"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "the old process closes its listening socket with connections in the queue",
      setup: setup("buggy"),
      exact: [
        outcomes(load, "response ECONNRESET", between(SOME, ATTEMPTS - SOME)).because(
          "the kernel resets what the closed socket had in its queue",
        ),
        attemptsOk(load, between(SOME, ATTEMPTS - SOME)).because(
          "the new process serves what the kernel gave to it",
        ),
        counterMoved({ host: "server", counter: "TcpOutRsts" }, between(SOME, ATTEMPTS - SOME)).because(
          "a RST for each of them",
        ),
        counterMoved({ host: "client", counter: "TcpEstabResets" }, between(SOME, ATTEMPTS - SOME)).because(
          "for the clients these connections were established",
        ),
        one,
      ],
    },
    fixed: {
      summary: "the old process accepts what is in the queue before it closes",
      setup: setup("fixed"),
      exact: [
        all.because("the connections in the queue have a process that serves them"),
        noResets.because("the queue is empty when the socket is closed"),
        one,
      ],
    },
    "fixed-by-migration": {
      summary: "net.ipv4.tcp_migrate_req lets the kernel move the queue to the other listener",
      setup: setup("buggy", "1"),
      exact: [
        all.because("the new process serves them, too"),
        counterMoved({ host: "server", counter: "TcpExtTCPMigrateReqSuccess" }, atLeast(SOME)).because(
          "since Linux 5.14 the kernel can choose another socket of the group for a connection that waits",
        ),
        noResets.because("nothing is left in the queue of the closed socket"),
        one,
      ],
    },
  },
  symptom: [
    {
      claim: "a listener goes while connections wait there, and another listener of its port stays",
      because: "a connection waits at one socket; it does not belong to the port",
      needs: ["sockets"],
      test: closedWithQueue,
    },
    counterMoved({ counter: "TcpOutRsts" }, atLeast(3)).because(
      "the kernel resets those that nobody has accepted",
    ),
    counterMoved({ counter: "TcpEstabResets" }, atLeast(3)).because("they were established"),
    counterStill({ counter: "TcpExtTCPAbortOnData" }).because(
      "if that moves, a program resets its connections itself",
    ),
    counterStill({ counter: "TcpExtTCPAbortOnClose" }).because(
      "if that moves, a program closes with unread input",
    ),
  ],
  overlaps: {},
});
