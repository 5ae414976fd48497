import { dialogueOf } from "../measure/dialogue.ts";
import { samplesOf } from "../measure/evidence.ts";
import { socketSeries } from "../measure/sockets.ts";
import type { Answer } from "../model/expectation.ts";
import type { CheckedServer, Probe, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import type { Condition } from "../model/setup.ts";
import { FAR_LONGER } from "./claims.ts";
import { dialogue, exchange, sceneOf } from "./scene.ts";

/** Idle kept connections: what a server waits for in vain that ends only when all connections have. */
const IDLE = 3;
/** New clients while it is stopped, a hundred a second. */
const NEW = { connections: 150, rate: 100 };
/** Slow requests that are under way when it is stopped. */
const SLOW = 5;
/** It is stopped when the idle clients have their answers, and the slow requests have been under way for so long. */
const STOPPED_AFTER_MS = 500;
/** How long that takes to begin, on a busy machine. */
const BEGUN_WITHIN_MS = 1_000;
/** How long after the server's end processes of its own may take to end, too. */
const FREE_WITHIN_MS = 3_000;
const STOP = "stop";

export const probe: Probe = {
  id: "stop-under-load",
  title: "SIGTERM while clients are served",
  claim: "the server ends in time, and finishes the answers that it has begun",
  because:
    "a deployment sends SIGTERM to every server, and SIGKILL some seconds later: what is not finished by then is lost, and what hangs is killed",
  explainedBy: "graceful-shutdown-never-ends",
  waits: true,
  setup: (server, bounds) => {
    const { answerMs, patienceMs } = bounds;
    const fresh = ["--connections", String(NEW.connections), "--rate", String(NEW.rate), "--report", "ends"];
    const bound = { withinMs: BEGUN_WITHIN_MS + STOPPED_AFTER_MS + patienceMs + 3 * answerMs };
    const slow = slowClient(server, bounds.patienceMs);
    const waited = ["fresh", ...(slow === null ? [] : ["slow"])];
    return sceneOf(server, {
      clients: {
        idle: {
          run: dialogue(server, [...exchange(server, answerMs), "stay"], ["--connections", String(IDLE)]),
          ...bound,
        },
        fresh: { run: dialogue(server, [...exchange(server, answerMs, true), "close"], fresh), ...bound },
        ...(slow !== null && { slow: { run: slow, ...bound } }),
      },
      phases: {
        load: {
          until: {
            all: [
              { exited: waited },
              {
                any: [{ exited: ["server"] }, { elapsedMs: BEGUN_WITHIN_MS + STOPPED_AFTER_MS + patienceMs }],
              },
            ],
          },
          withinMs: bound.withinMs,
        },
        drain: {
          until: {
            any: [
              { sockets: { host: "server", state: "LISTEN", port: server.port }, atMost: 0 },
              { elapsedMs: FREE_WITHIN_MS },
            ],
          },
          withinMs: FREE_WITHIN_MS + 1_000,
        },
      },
      interventions: [
        {
          name: STOP,
          phase: "load",
          when: underWay(server),
          do: { signal: "SIGTERM", program: "server" },
        },
      ],
    });
  },
  claims: (server, { patienceMs }) => [
    endsInTime(patienceMs),
    portIsFree(server),
    nothingCut,
    ...(server.slowRequest === undefined ? [] : [slowAnswered]),
    freshClients,
  ],
};

function underWay({ keepsOpen, slowRequest }: CheckedServer): Condition {
  const atLeast = (keepsOpen ? IDLE : 0) + (slowRequest === undefined ? 0 : SLOW);
  const condition: Condition = {
    sockets: { host: "server", state: "ESTABLISHED", side: "listener" },
    atLeast,
  };
  // A server may close idle connections sooner than that.
  const late: Condition = { elapsedMs: BEGUN_WITHIN_MS + STOPPED_AFTER_MS };
  return { any: [{ heldForMs: STOPPED_AFTER_MS, condition }, late] };
}

function slowClient(server: CheckedServer, patienceMs: number): string[] | null {
  const { slowRequest } = server;
  if (slowRequest === undefined) return null;
  const answer = server.speaks === "http" ? `answer ${patienceMs}` : `some ${patienceMs}`;
  return dialogue(server, [`send ${slowRequest}`, answer, "close"], ["--connections", String(SLOW)]);
}

/** Whether a time is so long that a machine which lacked a processor for `waitedUs` in all is no reason for it. */
const tellsAfter =
  (ms: number): NonNullable<ProbeClaim["atAnyPace"]> =>
  (_, waitedUs) =>
    FAR_LONGER * waitedUs < 1000 * ms;

const endsInTime = (patienceMs: number): ProbeClaim => ({
  atAnyPace: tellsAfter(patienceMs),
  claim: `the server ends within ${patienceMs / 1000} s of SIGTERM`,
  because: "idle connections of clients that stay must not keep it: whoever started it sends SIGKILL then",
  needs: ["program", "intervention"],
  test: (recording) => {
    const stop = samplesOf(recording, "intervention").find(({ name }) => name === STOP);
    if (stop === undefined || !stop.done) return { holds: null, observed: "no SIGTERM was sent" };
    const exit = exitIn(recording);
    if (exit === undefined) {
      const ranMs = ((samplesOf(recording, "phase").at(-1)?.atUs ?? 0) - stop.atUs) / 1000;
      return {
        holds: ranMs < patienceMs ? null : false,
        observed: `it still ran ${(ranMs / 1000).toFixed(1)} s later`,
      };
    }
    // A process can end before the trial has noted that it sent the signal.
    const after = `after ${(Math.max(0, exit.atUs - stop.atUs) / 1e6).toFixed(2)} s`;
    const signal = exit.signal ?? null;
    return {
      holds: true,
      observed: signal === null ? `${after}, with exit code ${exit.code}` : `${after}, by the signal itself`,
    };
  },
});

/** The end of the server, in time. */
function exitIn(recording: Recording) {
  return samplesOf(recording, "program").find(
    ({ program, event, phase }) => program === "server" && event === "exited" && phase === "load",
  );
}

const portIsFree = ({ port }: CheckedServer): ProbeClaim => ({
  atAnyPace: tellsAfter(FREE_WITHIN_MS),
  claim: `nobody listens on its port ${FREE_WITHIN_MS / 1000} s after the server's end`,
  because:
    "a child that has inherited the listening socket keeps the port: clients connect and are never answered, and the next start fails with EADDRINUSE",
  needs: ["program", "sockets"],
  test: (recording) => {
    if (exitIn(recording) === undefined) return { holds: null, observed: "the server did not end" };
    const listening = { host: "server", state: "LISTEN", port } as const;
    const last = socketSeries(recording, listening).during("drain").last;
    if (last === null) return { holds: null, observed: "nobody looked afterwards" };
    return { holds: last.value === 0, observed: last.value === 0 ? "it was free" : "it still listened" };
  },
});

const nothingCut: ProbeClaim = {
  claim: "no answer is cut off in its middle",
  because: "a client that has half an answer cannot use it, and often cannot tell that it is half",
  needs: ["report"],
  test: (recording) => {
    const all = ["fresh", "slow"].flatMap((program) => dialogueOf(recording, { program }));
    if (all.length === 0) return { holds: null, observed: "no client reported" };
    const cut = all.filter(({ outcome }) => outcome === "truncated").length;
    return { holds: cut === 0, observed: `${cut} of ${all.length} clients` };
  },
};

const slowAnswered: ProbeClaim = {
  claim: "requests under way when SIGTERM comes are answered",
  because: "the server has taken them, and only it knows how far it has come",
  needs: ["report"],
  test: (recording) => {
    const slow = dialogueOf(recording, { program: "slow" });
    if (slow.length === 0) return { holds: null, observed: "no client reported" };
    const failed = slow.filter(({ outcome }) => outcome !== "ok");
    const answered = `${slow.length - failed.length} of ${slow.length} were answered`;
    const [first] = failed;
    return first === undefined
      ? { holds: true, observed: answered }
      : { holds: false, observed: `${answered}; the first of the others: ${first.outcome}` };
  },
};

/** Connections that wait in the accept queue are reset when the listener goes: no server can help it, and most do not try. */
const freshClients: ProbeClaim = {
  claim: "clients that come meanwhile are refused, and none has been accepted in vain",
  because: "a refused connect() can be tried elsewhere at once; a request without an answer cannot",
  needs: ["report"],
  otherwise: "informational",
  test: (recording) => inOutcomes(recording),
};

function inOutcomes(recording: Recording): Answer {
  const all = dialogueOf(recording, { program: "fresh" });
  if (all.length === 0) return { holds: null, observed: "no client reported" };
  const counts = new Map<string, number>();
  for (const { outcome } of all) counts.set(outcome ?? "ended", (counts.get(outcome ?? "ended") ?? 0) + 1);
  const words = [...counts].map(([outcome, count]) => `${count} ${outcome === "ok" ? "served" : outcome}`);
  const lost = all.filter(({ outcome }) => outcome !== "ok" && outcome !== "ECONNREFUSED").length;
  return { holds: lost === 0, observed: words.join(", ") };
}
