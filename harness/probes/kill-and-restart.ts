import type { Probe, ProbeClaim } from "../model/probe.ts";
import { samplesOf } from "../measure/evidence.ts";
import { allServed } from "./claims.ts";
import { dialogue, exchange, sceneOf } from "./scene.ts";

/** Kept connections, whose ends stay in FIN-WAIT or TIME-WAIT on the server's port when it is killed. */
const KEPT = 5;
/** When it is killed: the kept connections have their answers. */
const KILLED_AFTER_MS = 300;
/** New clients, one every 50 ms: most of them come while nobody listens. */
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
          when: { elapsedMs: KILLED_AFTER_MS },
          do: { signal: "SIGKILL", program: "server" },
        },
        { name: "start again", phase: "load", when: { exited: ["server"] }, do: { restart: "server" } },
      ],
    });
  },
  claims: () => [listensAgain, servesAgain],
};

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
