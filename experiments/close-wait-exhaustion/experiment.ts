import {
  acceptQueueFull,
  atLeast,
  attempts,
  attemptsOk,
  between,
  exactly,
  fact,
  outcomeOf,
  quantity,
  samplesOf,
  setupOf,
  sinceFailure,
  socketsAtEndOf,
  socketsAtPeak,
  socketsStay,
  type Bound,
  type ExactExpectation,
  type InterventionPlan,
  type Recording,
  type Setup,
} from "../../harness/experiment.ts";

/** Clients that each send a line, read the answer and close. */
const CLIENTS = 97;
const RATE = 25;
/** Open files that the server may have: its runtime needs some twenty itself. */
const FEW = 61;
const ENOUGH = 997;
/** The number of FEW descriptors that is left for connections, with the runtime's own taken off. */
const ROOM = between(17, 53);
/** The restart comes when this many have been in CLOSE-WAIT for a while: then all descriptors are used up. */
const PILE = 17;

function setup(server: string, nofile: number, interventions: InterventionPlan[] = []): Setup {
  return setupOf({
    hosts: {
      // The client keeps its FIN-WAIT-2, as by default, so it does not take a port again while the server still has that port's connection.
      client: { "net.ipv4.tcp_fin_timeout": "60", "net.ipv4.tcp_tw_reuse": "0" },
      server: { "net.core.somaxconn": "4096", "net.ipv4.tcp_syncookies": "1" },
    },
    servers: { server: { run: `${server} --port 8080`, nofile } },
    clients: {
      load: `clients/short-tcp --to {server}:8080 --attempts ${CLIENTS} --rate ${RATE} --concurrency ${CLIENTS} --timeout-ms 2000`,
    },
    phases: { load: { exited: ["load"] }, drain: { elapsedMs: 1800 } },
    interventions,
    everyMs: { sockets: 100, listeners: 100, counters: 500, processes: 200 },
  });
}

const restarted: InterventionPlan = {
  name: "restarted",
  phase: "load",
  when: {
    heldForMs: 1500,
    condition: { sockets: { host: "server", state: "CLOSE-WAIT", port: 8080 }, atLeast: PILE },
  },
  do: { restart: "server" },
};

const waiting = { host: "server", state: "CLOSE-WAIT", side: "listener", port: 8080 } as const;

const served = (bound: Bound, because: string): ExactExpectation =>
  attemptsOk({ program: "load" }, bound).because(because);

const servedAgain = (bound: Bound, because: string): ExactExpectation =>
  quantity("clients answered after the first that was not", sinceFailure("ok"), bound).because(because);

/** Clients that ended in one of these ways. */
const ended = (words: string, ways: string[], because: string): ExactExpectation =>
  quantity(
    `clients that ${words}`,
    {
      needs: ["attempt"],
      of: (recording: Recording) =>
        attempts(recording).filter((attempt) => ways.includes(outcomeOf(attempt))).length,
    },
    atLeast(17),
  ).because(because);

const pile = (bound: Bound, because: string): ExactExpectation =>
  socketsStay({ ...waiting, owner: "listener" }, bound, { forMs: 1500 }).because(because);

export const experiment = fact({
  id: "close-wait-exhaustion",
  title: "CLOSE-WAIT until there is no descriptor left",
  question: "What does a pile of CLOSE-WAIT take from a server, and what do the next clients see?",
  tags: ["close-wait", "descriptors", "accept-queue"],
  variants: {
    drops: {
      summary: "Node's way with EMFILE: accept with a spare descriptor and close at once",
      setup: setup("close-wait-leak/buggy", FEW),
      exact: [
        served(ROOM, "each answered client leaves a descriptor, and there are few"),
        servedAgain(exactly(0), "nothing gives a descriptor back"),
        ended(
          "were connected and cut off at once",
          [
            "response empty",
            "response truncated",
            "response ECONNRESET",
            "request ECONNRESET",
            "request EPIPE",
          ],
          "libuv keeps one descriptor in reserve, with which it accepts and closes",
        ),
        pile(ROOM, "the pile is as high as the limit allows"),
      ],
    },
    waits: {
      summary: "the usual way with EMFILE: log it, wait and try again",
      setup: setup("close-wait-exhaustion/one-by-one", FEW),
      exact: [
        served(ROOM, "each answered client leaves a descriptor, and there are few"),
        servedAgain(exactly(0), "nothing gives a descriptor back"),
        quantity(
          "accept() calls that failed with EMFILE",
          {
            needs: ["report"],
            of: (recording: Recording) =>
              samplesOf(recording, "report").filter(({ report }) => report["errno"] === "EMFILE").length,
          },
          atLeast(17),
        ).because("RLIMIT_NOFILE is a limit for the process, and every CLOSE-WAIT is one of its files"),
        acceptQueueFull({ host: "server", port: 8080 }).because(
          "the kernel completes handshakes without the program, while the queue has room",
        ),
        ended("could not connect", ["connect timeout"], "a SYN that meets a full queue is dropped silently"),
        pile(ROOM, "the pile is as high as the limit allows"),
      ],
    },
    room: {
      summary: "the same leak, with enough descriptors for this load",
      setup: setup("close-wait-leak/buggy", ENOUGH),
      exact: [
        served(exactly(CLIENTS), "CLOSE-WAIT takes descriptors and memory, and there is enough of both"),
        pile(exactly(CLIENTS), "the leak is the same"),
      ],
    },
    closes: {
      summary: "few descriptors, and a server that closes",
      setup: setup("close-wait-leak/fixed", FEW),
      exact: [
        served(exactly(CLIENTS), "every descriptor comes back"),
        socketsAtEndOf("drain", waiting, exactly(0)).because("nothing is left to wait for"),
      ],
    },
    restarted: {
      summary: "Node's way, and the server is restarted when it is full",
      setup: setup("close-wait-leak/buggy", FEW, [restarted]),
      exact: [
        servedAgain(atLeast(11), "a process that ends gives all its descriptors back; no reboot is needed"),
        socketsAtPeak(waiting, ROOM).because("until then the pile is as high as the limit allows"),
      ],
    },
  },
});
