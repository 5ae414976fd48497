import type { CheckedServer, Probe, ProbeClaim } from "../model/probe.ts";
import type { Condition } from "../model/setup.ts";
import type { TcpState } from "../model/state.ts";
import { samplesOf } from "../measure/evidence.ts";
import { allServed } from "./claims.ts";
import { dialogue, exchange, sceneOf } from "./scene.ts";

/** Kept connections, whose ends stay in FIN-WAIT or TIME-WAIT on the server's port when it is killed. */
const KEPT = 5;
/** Their states at the server: some servers close after one answer. */
const LEFT: TcpState[] = ["ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT"];
/** New clients come when the kept connections have been there for so long, or so long after the beginning; */
const LATER_AFTER_MS = 100;
const LATER_AT_MOST_MS = 2_000;
/** and the server is killed so much later. */
const KILLED_LATER_MS = 200;
/** One every 50 ms: most of them come while nobody listens. */
const LATER = { connections: 40, rate: 20 };
/** So many come, one after another, when it has been started again, however long that takes. */
const AGAIN = 3;

export const probe: Probe = {
  id: "kill-and-restart",
  title: "SIGKILL of the server and its children, and a start at once on the same port",
  claim: "the server starts again at once on its port",
  because:
    "without SO_REUSEADDR bind() fails with EADDRINUSE for as long as an old connection is in FIN-WAIT or TIME-WAIT: a minute without service after a crash",
  explainedBy: "restart-refused",
  waits: false,
  setup: (server, { answerMs }) => {
    const later = [
      "--connections",
      String(LATER.connections),
      "--rate",
      String(LATER.rate),
      "--report",
      "ends",
    ];
    const again = ["--connections", String(AGAIN), "--concurrency", "1"];
    return sceneOf(server, {
      clients: {
        kept: {
          run: dialogue(server, [...exchange(server, answerMs), "stay"], ["--connections", String(KEPT)]),
          withinMs: server.withinMs + 3 * answerMs + 10_000,
        },
        later: {
          run: dialogue(server, [...exchange(server, answerMs, true), "close"], later),
          withinMs: server.withinMs + 3 * answerMs + 10_000,
          when: keptFor(server, 0),
        },
        again: {
          run: dialogue(server, [...exchange(server, answerMs, true), "close"], again),
          withinMs: 3 * AGAIN * answerMs,
          // A restart is awaited: this is looked at when it is over.
          when: { exited: ["later"] },
        },
      },
      phases: { load: { exited: ["again"] } },
      interventions: [
        {
          name: "kill",
          phase: "load",
          when: keptFor(server, KILLED_LATER_MS),
          do: { signal: "SIGKILL", program: "server" },
        },
        { name: "start again", phase: "load", when: { exited: ["server"] }, do: { restart: "server" } },
      ],
    });
  },
  claims: () => [listensAgain, servesAgain],
};

/** That the kept connections have been there for a while, and so much longer. A server can have reset them. */
function keptFor({ port }: CheckedServer, longerMs: number): Condition {
  const condition: Condition = {
    sockets: { host: "server", side: "listener", port, state: LEFT },
    atLeast: KEPT,
  };
  return {
    any: [{ heldForMs: LATER_AFTER_MS + longerMs, condition }, { elapsedMs: LATER_AT_MOST_MS + longerMs }],
  };
}

const listensAgain: ProbeClaim = {
  claim: "it listens again on the same port",
  because: "a server sets SO_REUSEADDR before bind(); old connections on the port then do not count",
  needs: ["intervention"],
  test: (recording) => {
    const started = samplesOf(recording, "program").filter(
      ({ program, event }) => program === "server" && event === "ready",
    );
    const killed = samplesOf(recording, "intervention").find(({ name }) => name === "kill");
    const again = started[1];
    if (killed === undefined) return { holds: null, observed: "it was not killed" };
    if (again === undefined) return { holds: false, observed: "it did not listen again" };
    return { holds: true, observed: `after ${Math.round((again.atUs - killed.atUs) / 1000)} ms` };
  },
};

const servesAgain: ProbeClaim = {
  ...allServed("again", "a server that listens and does not serve is no restart"),
  claim: "clients are served after the restart",
};
