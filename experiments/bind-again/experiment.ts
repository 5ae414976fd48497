import {
  atLeast,
  atMost,
  between,
  calls,
  callsEnded,
  exactly,
  fact,
  neverSeen,
  quantity,
  samplesOf,
  socketsAtPeak,
  type Bound,
  type ExactExpectation,
  type Recording,
  type TcpState,
} from "../../harness/experiment.ts";
import { allStates, taker } from "./one-process.ts";
import { CRASH, NEW_BYTES, PORT, restart, STALE_BYTES } from "./restart.ts";

/** The time at which the old server was killed. */
function crashUs(recording: Recording): number | null {
  return samplesOf(recording, "intervention").find(({ name, done }) => name === CRASH && done)?.atUs ?? null;
}

/** The new server's attempts to listen after the crash: how many failed, and when the first one succeeded. */
function attempts(recording: Recording): { refused: number; seconds: number | null } | null {
  const sinceUs = crashUs(recording);
  if (sinceUs === null) return null;
  const made = calls(recording, { program: "successor", call: "listen" }).filter(
    ({ atUs }) => atUs > sinceUs,
  );
  const taken = made.findIndex(({ result }) => result === 0);
  const atUs = made[taken]?.atUs;
  const seconds = atUs === undefined ? null : (atUs - sinceUs) / 1e6;
  return { refused: taken < 0 ? made.length : taken, seconds };
}

function secondsUntil(bound: Bound, because: string): ExactExpectation {
  const of = (recording: Recording): number | null => attempts(recording)?.seconds ?? null;
  const things = "seconds from the crash until the port can be listened on";
  return quantity(things, { needs: ["report", "intervention"], of }, bound).because(because);
}

function refusals(bound: Bound, because: string): ExactExpectation {
  const of = (recording: Recording): number | null => attempts(recording)?.refused ?? null;
  const things = "attempts that come to EADDRINUSE before";
  return quantity(things, { needs: ["report", "intervention"], of }, bound).because(because);
}

/** Attempts that succeeded after the crash. */
function listened(bound: Bound, because: string): ExactExpectation {
  const of = (recording: Recording): number | null => {
    const made = attempts(recording);
    return made === null ? null : Number(made.seconds !== null);
  };
  return quantity("attempts that succeed", { needs: ["report", "intervention"], of }, bound).because(because);
}

function readBySuccessor(bound: Bound, because: string): ExactExpectation {
  const of = (recording: Recording): number | null =>
    calls(recording, { program: "successor", call: "recv" })[0]?.bytes ?? null;
  return quantity("bytes that the successor reads", { needs: ["report"], of }, bound).because(because);
}

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
        refusals(atLeast(100), "the TIME-WAIT holds the port and does not share it"),
        secondsUntil(between(59.5, 66), "a TIME-WAIT lasts 60 s"),
      ],
    },
    "successor-only": {
      summary: "only the successor sets SO_REUSEADDR",
      setup: restart({ ...short, old: false, next: true }),
      exact: [
        timeWait,
        refusals(
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
        refusals(atLeast(OFTEN), "the successor does not share the port"),
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
