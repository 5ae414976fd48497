import { dialogueOf } from "../measure/dialogue.ts";
import { nearestToLimit, processSeries } from "../measure/processes.ts";
import type { Answer } from "../model/expectation.ts";
import type { Probe, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import { allServed } from "./claims.ts";
import { dialogue, exchange, sceneOf } from "./scene.ts";

/** How many more descriptors the server gets than it had when it answered a single client. */
const FREE = 23;
/** How many clients come, and how many a second: a short backlog can take them. */
const CROWD = 47;
const PER_SECOND = 200;
/** How long they stay, and say nothing. */
const STAYS_MS = 1_500;
const AFTER = 5;

export const probe: Probe = {
  id: "descriptors-run-out",
  title: "more clients come than the server has descriptors for",
  claim: "a server without a free descriptor waits for one, and serves again when it has one",
  because:
    "accept() fails with EMFILE, and the client stays in the queue: a server that only tries again does so thousands of times a second, at the very time when it has most to do",
  explainedBy: "emfile-accept",
  waits: false,
  setup: (server, { answerMs }) =>
    sceneOf(server, {
      nofile: server.descriptors + FREE,
      clients: {
        crowd: {
          run: dialogue(
            { ...server, isTls: false },
            [`try connect ${STAYS_MS}`, `wait ${STAYS_MS}`, "close"],
            ["--connections", String(CROWD), "--rate", String(PER_SECOND)],
          ),
          withinMs: 4 * STAYS_MS + 5_000,
        },
        after: {
          run: dialogue(
            server,
            [...exchange(server, answerMs, true), "close"],
            ["--connections", String(AFTER), "--concurrency", "1"],
          ),
          withinMs: 3 * AFTER * answerMs,
          when: { exited: ["crowd"] },
        },
      },
      phases: {
        load: {
          until: { exited: ["crowd", "after"] },
          withinMs: 4 * STAYS_MS + 3 * AFTER * answerMs + 6_000,
        },
      },
    }),
  claims: () => [
    noSpin,
    allServed("after", "the descriptors are free again when those who had them have gone"),
    whatTheyMeet,
  ],
};

/** How near a process comes to its limit that has no descriptor for a client: some close one in reserve for a moment. */
const NEAR = 2;
/** A share of a processor that a server which waits does not use, and the shortest time that shows it. */
const SPIN = 0.5;
const SHORTEST_MS = 700;
/** What the last clients cost, and what closing costs, is not counted. */
const MARGIN_US = 150_000;

const noSpin: ProbeClaim = {
  claim: `without a free descriptor, it uses less than ${100 * SPIN} % of a processor`,
  because: "who waits for a descriptor has nothing to do; the clients say nothing",
  needs: ["processes", "report"],
  // A busy machine can only hide it.
  atAnyPace: true,
  test: (recording) => {
    const use = nearestToLimit(recording, { host: "server", program: "server" });
    const spent = spentWhileFull(recording);
    if (use === null || spent === null)
      return { holds: null, observed: "it was not sampled while the clients were there" };
    const has = `it had at most ${use.descriptors} of ${use.limit} descriptors`;
    if (use.descriptors < use.limit - NEAR) return { holds: true, observed: `${has}: they did not run out` };
    const percent = Math.round(100 * spent.share);
    return {
      holds: spent.share < SPIN,
      observed: `${has}, and used ${percent} % of a processor for ${(spent.ms / 1000).toFixed(1)} s`,
    };
  },
};

/** The processor time that the server used while all clients were there; null when no two samples show it. */
function spentWhileFull(recording: Recording): { share: number; ms: number } | null {
  const crowd = dialogueOf(recording, { program: "crowd" });
  const stays = crowd.flatMap(({ steps }) => steps.filter(({ step }) => step === "wait"));
  const fromUs = Math.min(...crowd.map(({ atUs }) => atUs)) + (1e6 * CROWD) / PER_SECOND + MARGIN_US;
  const toUs = Math.min(...stays.map(({ atUs, ms }) => atUs + 1000 * ms)) - MARGIN_US;
  const series = processSeries(recording, { host: "server", program: "server" }, "cpuMs");
  const { first, last } = series.window(fromUs, toUs);
  if (first === null || last === null) return null;
  const ms = (last.atUs - first.atUs) / 1000;
  return ms < SHORTEST_MS ? null : { share: (last.value - first.value) / ms, ms };
}

const whatTheyMeet: ProbeClaim = {
  claim: "the clients for whom there is no descriptor wait in the queue",
  because: "some servers accept and close at once, so that those clients need not wait; both are right",
  needs: ["report"],
  otherwise: "informational",
  test: (recording): Answer => {
    const crowd = dialogueOf(recording, { program: "crowd" });
    const closed = crowd.filter(({ ended }) => ended !== null).length;
    const apart = crowd.filter(({ steps }) =>
      steps.some(({ step, outcome }) => step === "connect" && outcome !== "ok"),
    ).length;
    const refused = apart === 0 ? "" : `, and ${apart} could not connect`;
    return {
      holds: closed === 0,
      observed: `${closed} of ${crowd.length} were closed by the server${refused}`,
    };
  },
};
