import { dialogueOf } from "../measure/dialogue.ts";
import { samplesOf } from "../measure/evidence.ts";
import { queueSeries } from "../measure/listeners.ts";
import { nearestToLimit, processSeries, selected } from "../measure/processes.ts";
import type { Answer } from "../model/expectation.ts";
import type { CheckedServer, Probe, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import type { ProcessesSample } from "../model/sample.ts";
import type { Condition } from "../model/setup.ts";
import { FAR_LONGER } from "./claims.ts";
import { inSeconds } from "./rows.ts";
import { dialogue, exchange, firstHalf, sceneOf } from "./scene.ts";

/** How many more descriptors each process of the server gets than it had when it answered a single client. */
const FREE = 23;
/** How many more clients come than all processes that listen can have descriptors for. */
const BEYOND = 7;
const MOST_CROWD = 499;
/** They stay for so long when half of them have come: the rest comes soon, or was closed. And for so long where few could come. */
const STAYS_MS = 1_200;
const STAYS_AT_MOST_MS = 2_500;
/** Then they are asked to leave. They are there no longer in any case. */
const LEAVES_MS = 20_000;
const [CROWD, AFTER] = ["crowd", "after"];
/** How many ask when they have gone, one after another, and how many a second: the server needs a moment to close the others. */
const [ASKING, PER_SECOND] = [5, 10];

export const probe: Probe = {
  id: "descriptors-run-out",
  title: "more clients come than the server has descriptors for",
  claim: "a server without a free descriptor waits for one, and serves again when it has one",
  because:
    "accept() fails with EMFILE, and the client stays in the queue: a server that only tries again does so thousands of times a second, at the very time when it has most to do",
  explainedBy: "emfile-accept",
  waits: false,
  refusal: {
    claim: "the server starts with so few descriptors",
    because: "a program that counts what it needs, and does not start without, cannot run out of it later",
  },
  setup: (server, { answerMs }) => {
    const count = crowdOf(server);
    const afterMs = 3 * ASKING * answerMs;
    return sceneOf(server, {
      nofile: server.descriptors + FREE,
      clients: {
        [CROWD]: {
          run: dialogue(server, stepsOf(server), ["--connections", String(count)]),
          withinMs: 2 * LEAVES_MS,
        },
        [AFTER]: {
          run: dialogue(
            server,
            [...exchange(server, answerMs, true), "close"],
            ["--connections", String(ASKING), "--concurrency", "1", "--rate", String(PER_SECOND)],
          ),
          withinMs: afterMs,
          when: { exited: [CROWD] },
        },
      },
      phases: { load: { until: { exited: [CROWD, AFTER] }, withinMs: 2 * LEAVES_MS + afterMs + 1_000 } },
      interventions: [
        {
          name: "they leave",
          phase: "load",
          when: {
            any: [
              { heldForMs: STAYS_MS, condition: present(server, Math.ceil(count / 2)) },
              { heldForMs: STAYS_AT_MOST_MS, condition: present(server, 1) },
            ],
          },
          do: { signal: "SIGTERM", program: CROWD },
          // A server may have closed them all before.
          isOptional: true,
        },
      ],
    });
  },
  claims: () => [noSpin, servesAgain, whatTheyMeet],
};

function crowdOf({ listeningProcesses }: CheckedServer): number {
  return Math.min(MOST_CROWD, FREE * Math.max(1, listeningProcesses) + BEYOND);
}

/** They say half of a request: some servers accept nobody who says nothing (TCP_DEFER_ACCEPT), and none answers that. */
function stepsOf({ request, isTls }: CheckedServer): string[] {
  const half = firstHalf(request);
  return [
    `connect ${LEAVES_MS}`,
    // The server must have the descriptor, and not wait in accept() for a ClientHello.
    ...(isTls ? [`handshake ${LEAVES_MS}`] : []),
    ...(half === "" ? [] : [`send ${half}`]),
    `end ${LEAVES_MS}`,
  ];
}

/** Whether so many clients have begun to connect. One that the server has closed counts for a moment only. */
function present({ port }: CheckedServer, atLeast: number): Condition {
  return {
    sockets: { host: "client", state: ["SYN-SENT", "ESTABLISHED"], side: "connector", port },
    atLeast,
  };
}

/** How near a process comes to its limit that has no descriptor for a client: some close one in reserve for a moment. */
const NEAR = 2;
/**
 * What of a processor a server that waits does not use: half of one, of the time in which it could have had one. A loop without a pause is never
 * asleep; a server that tries again a hundred times a second uses some hundredths.
 */
const SPIN = 0.5;
/** The shortest time that shows it: processor time is counted in ticks of 10 ms. */
const SHORTEST_MS = 500;

/** Well-kept programs do it, too, and for as long as the clients stay only; so it is a risk and no fault. */
const noSpin: ProbeClaim = {
  claim: `without a free descriptor, it uses less than ${100 * SPIN} % of a processor`,
  because:
    "accept() fails with EMFILE at once, and the listening socket stays readable: only a pause, or not to ask for it, makes the server wait",
  needs: ["processes", "listeners", "pressure"],
  otherwise: "warn",
  // A busy machine can only hide it.
  atAnyPace: true,
  test: (recording) => {
    const use = nearestToLimit(recording, { host: "server", program: "server" });
    if (use === null) return { holds: null, observed: "no limit of its descriptors was read" };
    const has = `it had at most ${use.descriptors} of ${use.limit} descriptors`;
    const full = whileFull(recording);
    if (full === null) {
      if (use.descriptors < use.limit - NEAR)
        return { holds: true, observed: `${has}: they did not run out` };
      const closed = closedIn(recording);
      return {
        holds: closed > 0 ? true : null,
        observed: `${has} for less than ${inSeconds(1000 * SHORTEST_MS)}; it closed ${closed} connections`,
      };
    }
    const percent = Math.round(100 * full.share);
    const waiting = `${full.queue} client${full.queue === 1 ? "" : "s"} waited for accept()`;
    return {
      holds: full.share < SPIN,
      observed: `${has}, and ${waiting}: for ${inSeconds(full.us)}, it used ${percent} % of the processor time that it could have had`,
    };
  },
};

/** The longest time in which a process of the server had no free descriptor. */
interface Full {
  us: number;
  /** Processor time of all its processes, as a share of the time in which it did not wait for a processor. */
  share: number;
  /** The most that waited for accept(). */
  queue: number;
}

/** What the server did while it had no free descriptor; null when that was not long enough to be measured. */
function whileFull(recording: Recording): Full | null {
  const rows = selected(recording, { host: "server", program: "server" });
  const looks = samplesOf(recording, "processes", "server").filter(({ phase }) => phase === "load");
  const isFull = (look: ProcessesSample): boolean =>
    rows(look).some(({ descriptors, descriptorLimit = Infinity }) => descriptors >= descriptorLimit - NEAR);
  let best: ProcessesSample[] = [];
  let run: ProcessesSample[] = [];
  for (const look of looks) {
    run = isFull(look) ? [...run, look] : [];
    if (run.length > best.length) best = run;
  }
  const [first] = best;
  const last = best.at(-1);
  if (first === undefined || last === undefined) return null;
  const us = last.atUs - first.atUs;
  const share = shareUsed(recording, first.atUs, last.atUs);
  if (us < 1000 * SHORTEST_MS || share === null) return null;
  const queue = queueSeries(recording, { host: "server" }).window(first.atUs, last.atUs).peak?.value ?? 0;
  return { us, share, queue };
}

/**
 * The processor time of the server's main threads as a share of the time in which they did not wait for a processor. Processor time of other
 * threads is added where it is more. null without two looks.
 */
function shareUsed(recording: Recording, fromUs: number, toUs: number): number | null {
  const isIn = ({ atUs }: { atUs: number }): boolean => atUs >= fromUs && atUs <= toUs;
  const looks = samplesOf(recording, "pressure")
    .filter(isIn)
    .flatMap(({ atUs, programs }) => (programs["server"] ? [{ atUs, ...programs["server"] }] : []));
  const [first, last] = [looks[0], looks.at(-1)];
  if (first === undefined || last === undefined || last.atUs === first.atUs) return null;
  const couldUs = Math.max(1, last.atUs - first.atUs - (last.waitedUs - first.waitedUs));
  const main = (last.ranUs - first.ranUs) / couldUs;
  const all = processSeries(recording, { host: "server", program: "server" }, "cpuMs").window(fromUs, toUs);
  const allMs = (all.last?.value ?? 0) - (all.first?.value ?? 0);
  return Math.max(main, (1000 * allMs) / (toUs - fromUs));
}

/** How many of the crowd the server closed. */
function closedIn(recording: Recording): number {
  return dialogueOf(recording, { program: CROWD }).filter(({ ended }) => ended !== null).length;
}

/** By the last of those who ask: the first can come before the server has seen that the others have gone. */
const servesAgain: ProbeClaim = {
  claim: "it serves again when the clients have gone",
  because: "the descriptors are free again when those who had them have gone",
  needs: ["report", "processes"],
  test: (recording) => {
    const all = dialogueOf(recording, { program: AFTER });
    const last = all.at(-1);
    if (last === undefined) return { holds: null, observed: "no client was reported" };
    const served = all.filter(({ outcome }) => outcome === "ok").length;
    return {
      holds: last.outcome === "ok",
      observed: `${served} of ${all.length} clients that came later were served, the last of them: ${last.outcome}; ${descriptorsAtEnd(recording)}`,
    };
  },
  atAnyPace: (recording, waitedUs) => {
    const [first, ...rest] = dialogueOf(recording, { program: AFTER });
    const last = rest.at(-1);
    return first !== undefined && last !== undefined && last.atUs - first.atUs > FAR_LONGER * waitedUs;
  },
};

function descriptorsAtEnd(recording: Recording): string {
  const look = samplesOf(recording, "processes", "server").findLast(({ phase }) => phase === "load");
  const rows = look === undefined ? [] : selected(recording, { host: "server", program: "server" })(look);
  const most = rows.toSorted((a, b) => b.descriptors - a.descriptors)[0];
  return most === undefined
    ? "no process of it is left"
    : `it had ${most.descriptors} of ${most.descriptorLimit ?? "?"} descriptors then`;
}

const whatTheyMeet: ProbeClaim = {
  claim: "the clients for whom there is no descriptor wait in the queue",
  because: "some servers accept and close at once, so that those clients need not wait; both are right",
  needs: ["report"],
  otherwise: "informational",
  test: (recording): Answer => {
    const [closed, all] = [closedIn(recording), dialogueOf(recording, { program: CROWD }).length];
    return { holds: closed === 0, observed: `${closed} of ${all} were closed by the server` };
  },
};
