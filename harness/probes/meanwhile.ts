import { dialogueOf } from "../measure/dialogue.ts";
import type { Answer } from "../model/expectation.ts";
import type { CheckedServer, ProbeBounds, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import type { Condition, Setup } from "../model/setup.ts";
import { allServed } from "./claims.ts";
import { dialogue, exchange, NEIGHBOUR, sceneOf } from "./scene.ts";

// Probes in which some clients take long, and others ask meanwhile.

const SLOW = "slow";
const OTHERS = "others";
/** How many ask meanwhile, one after another. */
const ASKING = 3;
/** They begin when the slow ones have been there for so long, or in any case so long after the beginning. */
const THERE_MS = 300;
const LATEST_MS = 2_000;

/** Clients that take long. */
export interface SlowClients {
  /** What they do. Then they wait until the server ends their connections, for as long as the others ask and the probe is patient. */
  steps: string[];
  connections: number;
  options?: string[];
  /** Without TLS, whatever the server speaks. */
  isPlain?: boolean;
}

/** Clients that take long, and others. The probe ends when the server has ended all the slow connections, or after its patience. */
export function meanwhileScene(
  server: CheckedServer,
  { answerMs, patienceMs }: ProbeBounds,
  { steps, connections, options = [], isPlain = false }: SlowClients,
): Setup {
  const many = ["--connections", String(connections), ...options];
  const one = ["--connections", String(ASKING), "--concurrency", "1"];
  const waitMs = LATEST_MS + patienceMs + 3 * ASKING * answerMs;
  const there: Condition = { sockets: { host: "client", state: "ESTABLISHED" }, atLeast: connections };
  return sceneOf(server, {
    clients: {
      [SLOW]: {
        run: dialogue(isPlain ? { ...server, isTls: false } : server, [...steps, `end ${waitMs}`], many),
        withinMs: waitMs + 60_000,
      },
      [OTHERS]: {
        run: dialogue(server, [...exchange(server, answerMs, true), "close"], one),
        // Of another address: a limit for each address is a good answer to slow clients.
        host: NEIGHBOUR,
        withinMs: 3 * ASKING * answerMs,
        when: { any: [{ heldForMs: THERE_MS, condition: there }, { elapsedMs: LATEST_MS }] },
      },
    },
    phases: {
      load: { until: { exited: [OTHERS] }, withinMs: LATEST_MS + 3 * ASKING * answerMs + 1_000 },
      drain: {
        until: { any: [{ exited: [SLOW] }, { elapsedMs: patienceMs }] },
        withinMs: patienceMs + 5_000,
      },
    },
  });
}

/** What must hold: the others are served. When the slow ones are ended is the server's choice. */
export function meanwhileClaims({ patienceMs }: ProbeBounds, because: string): ProbeClaim[] {
  return [allServed(OTHERS, because), endedSome(patienceMs)];
}

function endedSome(patienceMs: number): ProbeClaim {
  return {
    claim: `the server ends such connections within ${patienceMs / 1000} s`,
    because: "each costs a descriptor and memory; a limit is the server's choice, and none is a risk",
    needs: ["report"],
    otherwise: "informational",
    test: (recording) => endsOf(recording, patienceMs),
  };
}

function endsOf(recording: Recording, patienceMs: number): Answer {
  const all = dialogueOf(recording, { program: SLOW });
  const ended = all.flatMap(({ atUs, ended: end }) =>
    end === null ? [] : [{ how: end.how, us: end.atUs - atUs }],
  );
  const [first] = ended.toSorted((a, b) => a.us - b.us);
  if (all.length === 0) return { holds: null, observed: "no slow client was reported" };
  if (first === undefined)
    return { holds: false, observed: `none of ${all.length} within ${patienceMs / 1000} s` };
  const how = [...new Set(ended.map((one) => one.how))].join(" and ");
  return {
    holds: ended.length === all.length,
    observed: `${ended.length} of ${all.length}, the first after ${(first.us / 1e6).toFixed(1)} s, with ${how}`,
  };
}
