import {
  atLeast,
  atMost,
  between,
  calls,
  callsEnded,
  exactly,
  fact,
  listenersAgain,
  neverSeen,
  quantity,
  recvBytes,
  refusals,
  refusedFor,
  socketsAtPeak,
  type Bound,
  type ExactExpectation,
  type TcpState,
} from "../../harness/experiment.ts";
import { allStates, taker } from "./one-process.ts";
import { NEW_BYTES, PORT, restart, STALE_BYTES } from "./restart.ts";

const secondsUntil = (bound: Bound, because: string): ExactExpectation =>
  quantity("seconds from the crash until the port can be listened on", refusedFor(), bound).because(because);

const refused = (bound: Bound, because: string): ExactExpectation =>
  quantity("attempts that come to EADDRINUSE before", refusals(), bound).because(because);

/** Attempts that succeeded after the crash. */
const listened = (bound: Bound, because: string): ExactExpectation =>
  quantity("attempts that succeed", listenersAgain(), bound).because(because);

const readBySuccessor = (bound: Bound, because: string): ExactExpectation =>
  quantity("bytes that the successor reads", recvBytes("successor", 0), bound).because(because);

const timeWait = socketsAtPeak({ host: "server", state: "TIME-WAIT", port: PORT }, exactly(1)).because(
  "the kernel closes what a killed process had open: the server closed first",
);
/** The least number of attempts in a short variant. */
const OFTEN = 10;
const short = { isConnected: true, isStaleThere: false, attempts: 40, everyMs: 100 };

/** The results of a program's `listen` calls, in order. */
function listens(program: string, wanted: (number | string)[], because: string): ExactExpectation {
  return {
    claim: `the attempts of ${program} to listen come to ${wanted.join(", ")}`,
    because,
    needs: ["report"],
    test: (recording) => {
      const made = calls(recording, { program, call: "listen" }).map(({ result }) => result);
      return { holds: made.join() === wanted.join(), observed: made.join(", ") };
    },
  };
}

/** The states of the connections at the server just before it listens again. */
const state = (name: TcpState, because: string): ExactExpectation =>
  socketsAtPeak({ host: "server", state: name, side: "listener", port: PORT }, atLeast(1)).because(because);

export const experiment = fact({
  id: "bind-again",
  title: "Listening again on a port that a listener has just left",
  question: "When is a port in use that nobody listens on?",
  tags: ["time-wait", "so-reuseaddr", "restart"],
  variants: {
    neither: {
      summary:
        "a server is killed with a connection open, and neither it nor its successor sets SO_REUSEADDR",
      setup: restart({ ...short, old: false, next: false, attempts: 140, everyMs: 500 }),
      exact: [
        timeWait,
        refused(atLeast(100), "the TIME-WAIT holds the port and does not share it"),
        secondsUntil(between(59.5, 66), "a TIME-WAIT lasts 60 s"),
      ],
    },
    "successor-only": {
      summary: "only the successor sets SO_REUSEADDR",
      setup: restart({ ...short, old: false, next: true }),
      exact: [
        timeWait,
        refused(
          atLeast(OFTEN),
          "the TIME-WAIT inherited from the old listener that it does not share the port",
        ),
        listened(exactly(0), "both must want to share"),
      ],
    },
    "old-only": {
      summary: "only the killed server had set SO_REUSEADDR",
      setup: restart({ ...short, old: true, next: false }),
      exact: [
        timeWait,
        refused(atLeast(OFTEN), "the successor does not share the port"),
        listened(exactly(0), "both must want to share"),
      ],
    },
    both: {
      summary: "both set SO_REUSEADDR; a client of the old server goes on sending",
      setup: restart({ ...short, old: true, next: true, isStaleThere: true }),
      exact: [
        timeWait,
        secondsUntil(atMost(3), "both share the port, and nobody listens on it"),
        callsEnded({ program: "stale", call: "send" }, STALE_BYTES, exactly(1)).because(
          "for its client the old connection is half closed, and it may go on sending",
        ),
        callsEnded({ program: "stale", call: "send" }, "EPIPE", exactly(1)).because(
          "the server's kernel still knows the old connection, but no process reads it: data is answered with a RST",
        ),
        readBySuccessor(exactly(NEW_BYTES), "it gets only its own connections"),
      ],
    },
    "client-closed": {
      summary: "neither sets it; the client has closed before the server is killed",
      setup: restart({ ...short, old: false, next: false, isConnected: false }),
      exact: [
        neverSeen({ host: "server", state: "TIME-WAIT" }).because("the client keeps it"),
        secondsUntil(atMost(3), "the server's host has no socket of that port any more"),
      ],
    },
    "all-states": {
      summary: "a listener is closed while connections of its port are in six states; all have SO_REUSEADDR",
      setup: allStates(),
      exact: [
        state("ESTABLISHED", "the server does nothing with it"),
        state("CLOSE-WAIT", "the client shut its direction down"),
        state("FIN-WAIT-1", "the FIN stands behind bytes for which the client has no room"),
        state("FIN-WAIT-2", "the client does not close"),
        state("LAST-ACK", "as FIN-WAIT-1, and the client's FIN has come before"),
        state("TIME-WAIT", "both have closed, the server first"),
        listens(
          "server",
          [0, "EADDRINUSE", "EADDRINUSE", 0],
          "only a listener blocks a program that shares the port; every socket of the port blocks one that does not",
        ),
      ],
    },
    taker: {
      summary: "another program tries to take a port; all set SO_REUSEADDR",
      setup: taker(),
      exact: [
        listens(
          "taker",
          ["EADDRINUSE", "EADDRINUSE", "EADDRINUSE", 0],
          "a program that listens has the port for itself, at all addresses; a program that has only bound it shares it",
        ),
        listens("server", [0, "EADDRINUSE"], "the first program to listen has it"),
      ],
    },
  },
});
