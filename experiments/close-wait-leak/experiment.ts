import {
  areGivenConnections,
  atLeast,
  attempts,
  attemptsOk,
  exactly,
  failureMode,
  mostReckoned,
  neverSeen,
  quantity,
  setupOf,
  socketSeries,
  socketsAtEndOf,
  socketsAtPeak,
  socketsStay,
  type Answer,
  type Evidence,
  type Recording,
  type Setup,
  type Side,
  type Sockets,
  type TcpInfoExcerpt,
} from "../../harness/experiment.ts";
import { advice, signs } from "./advice.ts";

/** Clients of the server at port 8080, which close first. */
const CLIENTS = 97;
/** Attempts of the client that ignores end-of-file, at the server of port 8081, which closes first. */
const RETRIES = 23;

/** Both scenes at once: a server that never closes, and a client that never closes, side by side with their peers. */
function setup(server: string, client: string): Setup {
  return setupOf({
    // TIME-WAIT is counted here, so no port may be used again; and an orphaned FIN-WAIT-2 goes after 2 s and not 60.
    sysctls: { "net.ipv4.tcp_tw_reuse": "0", "net.ipv4.tcp_fin_timeout": "2" },
    servers: {
      server: `${server} --port 8080`,
      closing: "close-wait-leak/closing-server --port 8081",
    },
    clients: {
      load: {
        run: `clients/short-tcp --to {server}:8080 --attempts ${CLIENTS} --rate 200 --concurrency 23`,
        withinMs: 15_000,
      },
      retries: {
        run: `${client} --to {server}:8081 --attempts ${RETRIES} --rate 50 --hold-ms 600000`,
        withinMs: 660_000,
      },
    },
    phases: {
      load: { until: { all: [{ exited: ["load"] }, { elapsedMs: 1000 }] }, withinMs: 15_000 },
      drain: {
        until: {
          all: [
            { elapsedMs: 2500 },
            { sockets: { host: "client", state: ["FIN-WAIT-1", "FIN-WAIT-2"] }, atMost: 0 },
            { sockets: { host: "server", state: ["FIN-WAIT-1", "FIN-WAIT-2"] }, atMost: 0 },
          ],
        },
        withinMs: 10_000,
      },
    },
    tcpInfo: true,
  });
}

const leaked = {
  host: "server",
  state: "CLOSE-WAIT",
  side: "listener",
  port: 8080,
  owner: "listener",
} as const;
const retried = {
  host: "client",
  state: "CLOSE-WAIT",
  side: "connector",
  port: 8081,
  owner: "process",
} as const;

function portsTaken(recording: Recording): number {
  return new Set(attempts(recording, { program: "retries" }).map((attempt) => attempt.localPort)).size;
}

/** What a program holds that has seen end-of-file, and has read and written everything. */
const ended: Sockets = {
  state: "CLOSE-WAIT",
  timer: "none",
  receiveQueue: "empty",
  sendQueue: "empty",
  owner: ["listener", "process"],
};
const FEW = 5;
/** How long they stay: far longer than a healthy program needs, and short enough for the looks of a few seconds. */
const STAY_MS = 1500;

/** A server that keeps what its clients have ended. */
const staying = socketsStay({ ...ended, side: "listener" }, atLeast(FEW), { forMs: STAY_MS }).because("");

/**
 * Whether connections stay in CLOSE-WAIT at the listening end, or grow at the connecting end. A pool there also keeps connections that the
 * server has ended, and finds out when it needs one. But it opens no new ones meanwhile: the number of all that it holds does not rise.
 */
function leaks(evidence: Evidence): Answer {
  const stay = staying.test(evidence);
  if (stay.holds === true) return stay;
  const rise = (which: Sockets): number => {
    const { first, last } = socketSeries(evidence, which);
    return (last?.value ?? 0) - (first?.value ?? 0);
  };
  const more = rise({ ...ended, side: "connector" });
  const all = rise({ side: "connector", owner: "process" });
  if (more < FEW || all < FEW) return stay;
  return {
    holds: true,
    observed: `${more} more CLOSE-WAIT sockets at the connecting end in the last sample than in the first`,
  };
}

/**
 * The largest number, in one look, of sockets in CLOSE-WAIT whose end has read all, has been idle for some time, and owes no answer. A peer
 * that has only ended its direction still waits for one: a listener that received data after it last sent some may be at work. A connector
 * owes nothing, and nobody does to a peer that is gone.
 */
const owingNothing = (evidence: Evidence): number | null =>
  mostReckoned(
    evidence,
    { state: "CLOSE-WAIT", receiveQueue: "empty" },
    ({ tcpInfo, peer }, _look, { side }) =>
      tcpInfo === undefined ? null : isIdle(tcpInfo) && (peer === "gone" || !owes(side, tcpInfo)),
  );

/** On a busy server there are always some that are about to close. */
function isIdle({ lastDataReceivedMs, lastDataSentMs }: TcpInfoExcerpt): boolean {
  return Math.min(lastDataReceivedMs, lastDataSentMs) >= STAY_MS;
}

/** Received bytes include the FIN, which is one. */
function owes(side: Side, info: TcpInfoExcerpt): boolean {
  if (side === "connector" || info.bytesReceived <= 1) return false;
  return info.bytesAcked === 0 || info.lastDataReceivedMs < info.lastDataSentMs;
}

const notElsewhere = neverSeen({
  state: "CLOSE-WAIT",
  side: "listener",
  owner: ["process", "shared"],
}).because("");

/** Whether those that hold the connections are those that serve them. */
function holdTheirOwn(evidence: Evidence): Answer {
  const answer = notElsewhere.test(evidence);
  if (answer.holds !== false || !areGivenConnections(evidence)) return answer;
  return { holds: true, observed: "workers are given connections, and hold what they were given" };
}

export const experiment = failureMode({
  id: "close-wait-leak",
  title: "CLOSE-WAIT that never goes away",
  question: "Who must close a connection whose other end has closed, and what if nobody does?",
  tags: ["tour", "close-wait", "descriptors"],
  signs,
  advice,
  variants: {
    buggy: {
      summary: "the program sees end-of-file, and never closes",
      setup: setup("close-wait-leak/buggy", "close-wait-leak/buggy-client"),
      exact: [
        attemptsOk({ program: "load" }, exactly(CLIENTS)).because(
          "every client gets its answer: no client and no health check notices the leak",
        ),
        socketsAtEndOf("drain", leaked, exactly(CLIENTS)).because(
          "a FIN leads to CLOSE-WAIT, and only the program's own close() or shutdown() leads out of it",
        ),
        socketsStay({ ...leaked, timer: "none", receiveQueue: "empty" }, exactly(CLIENTS), {
          forMs: 2000,
        }).because("no timer runs in CLOSE-WAIT: in RFC 9293 it waits for the user, for ever"),
        socketsAtPeak({ host: "client", state: "FIN-WAIT-2", port: 8080 }, atLeast(1)).because(
          "the client's FIN was acknowledged, and the server's never comes",
        ),
        socketsAtEndOf("drain", { host: "client", state: "FIN-WAIT-2", port: 8080 }, exactly(0)).because(
          "an orphan in FIN-WAIT-2 is forgotten after tcp_fin_timeout, 2 s here; the other end does not notice",
        ),
        socketsAtEndOf("drain", retried, exactly(RETRIES)).because(
          "in the mirror scene the server closes first, and the client is the one that never does",
        ),
        quantity(
          "local ports taken by the retries",
          { needs: ["attempt"], of: portsTaken },
          exactly(RETRIES),
        ).because("a connection in CLOSE-WAIT still owns its port, so each retry takes a new one"),
      ],
    },
    fixed: {
      summary: "end-of-file is answered with end()",
      setup: setup("close-wait-leak/fixed", "close-wait-leak/fixed-client"),
      exact: [
        attemptsOk({ program: "load" }, exactly(CLIENTS)).because("the cure takes nothing from the clients"),
        socketsAtEndOf("drain", { state: "CLOSE-WAIT" }, exactly(0)).because(
          "end() sends the FIN, and the socket leaves CLOSE-WAIT for LAST-ACK and then goes",
        ),
        socketsAtEndOf(
          "drain",
          { host: "client", state: "TIME-WAIT", side: "connector", port: 8080 },
          exactly(CLIENTS),
        ).because("both FINs were exchanged, and the client, which closed first, keeps TIME-WAIT for 60 s"),
        socketsAtEndOf(
          "drain",
          { host: "server", state: "TIME-WAIT", side: "listener", port: 8081 },
          exactly(RETRIES),
        ).because("in the mirror scene the server closed first"),
      ],
    },
  },
  symptom: [
    {
      ...staying,
      claim: `${staying.claim}, or at the connecting end there are more and more, with new connections`,
      because:
        "a healthy program leaves CLOSE-WAIT within one turn of its event loop; an idle pool keeps what it has, and does not grow",
      test: leaks,
    },
    quantity(
      `connections in CLOSE-WAIT that have been idle for ${STAY_MS / 1000} s, and on which no answer is owed`,
      { needs: ["sockets"], of: owingNothing },
      // A recording keeps only examples of the sockets, a reference recording very few.
      atLeast(1),
    ).because("a peer that has asked, and has only ended its direction, is right to wait for its answer"),
    {
      claim: `${notElsewhere.claim}; or processes that do not listen are given connections`,
      because:
        "if a process that does not listen held them, too, it may have inherited a descriptor: forked-child-holds-connection",
      needs: ["sockets", "processes"],
      test: holdTheirOwn,
    },
  ],
  overlaps: {
    "close-wait-exhaustion/drops":
      "it is the same leak, which has gone on until accept() fails: the process has reached its limit of descriptors",
    "close-wait-exhaustion/room": "it is the same leak, with descriptors to spare",
    "end-of-file-spin/buggy":
      "it is a leak too, of a process that still polls what it does not close, and uses a processor for it",
    "close-wait-exhaustion/restarted": "it is the same leak, which begins again after a restart",
  },
});
