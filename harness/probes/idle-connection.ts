import type { DialogueConnection } from "../measure/dialogue.ts";
import { dialogueOf } from "../measure/dialogue.ts";
import type { Answer } from "../model/expectation.ts";
import type { Probe, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import { closesEach } from "./claims.ts";
import { dialogue, exchange, sceneOf } from "./scene.ts";

const CLIENT = "idler";

export const probe: Probe = {
  id: "idle-connection",
  title: "a client keeps its connection, and says nothing more",
  claim: "the server closes idle connections, and no sooner than it has announced",
  because:
    "a client that trusts the announced time sends its next request on a connection that is gone, and cannot know whether it was served",
  explainedBy: "keep-alive-close-race",
  waits: true,
  skips: closesEach,
  setup: (server, { answerMs, patienceMs }) =>
    sceneOf(server, {
      clients: {
        [CLIENT]: {
          run: dialogue(server, [...exchange(server, answerMs), `end ${patienceMs}`]),
          withinMs: answerMs + patienceMs + 5_000,
        },
      },
      phases: { load: { exited: [CLIENT] } },
    }),
  claims: (_server, { patienceMs }) => [closesIdle(patienceMs), noReset, noSoonerThanAnnounced],
};

/** When the server closed an idle connection; either answer is right. */
const closesIdle = (patienceMs: number): ProbeClaim => ({
  claim: `the server closes an idle connection within ${patienceMs / 1000} s`,
  because: "idle connections keep descriptors and memory; how long is the server's choice",
  needs: ["report"],
  otherwise: "informational",
  test: (recording) => {
    const idle = idleOf(recording);
    if (idle === null) return NOT_TOLD;
    const { endedMs, how } = idle;
    const hint = announcedIn(idle);
    if (endedMs === null) return { holds: false, observed: `not within ${patienceMs / 1000} s; ${hint}` };
    return {
      holds: true,
      observed: `after ${seconds(endedMs)}, with ${how === "FIN" ? "a FIN" : how}; ${hint}`,
    };
  },
});

const noReset: ProbeClaim = {
  claim: "an idle connection ends with a FIN, not with a reset",
  because: "a reset tells the client that something went wrong, and takes away what it has not read yet",
  needs: ["report"],
  otherwise: "warn",
  test: (recording) => {
    const idle = idleOf(recording);
    if (idle === null) return NOT_TOLD;
    const { endedMs, how } = idle;
    if (endedMs === null) return { holds: true, observed: "it was not closed" };
    return { holds: how === "FIN", observed: how };
  },
};

const noSoonerThanAnnounced: ProbeClaim = {
  claim: "the server closes no idle connection sooner than it has announced",
  because: "Keep-Alive: timeout is a promise to the client (RFC 2068, section 19.7.1.1)",
  needs: ["report"],
  test: (recording) => {
    const idle = idleOf(recording);
    if (idle === null) return NOT_TOLD;
    const { endedMs, announcedS } = idle;
    if (announcedS === null) return { holds: true, observed: "it announces no time" };
    if (endedMs === null) return { holds: true, observed: `${announcedIn(idle)}, and it was not closed` };
    return {
      holds: endedMs >= announcedS * 1000,
      observed: `${announcedIn(idle)}, closed after ${seconds(endedMs)}`,
    };
  },
};

const NOT_TOLD: Answer = { holds: null, observed: "the client reported no answer and no end" };

interface Idle {
  /** How long after the answer the server closed; null when it did not. */
  endedMs: number | null;
  how: string;
  /** What the answer announced in `Keep-Alive: timeout`; null without. */
  announcedS: number | null;
}

function idleOf(recording: Recording): Idle | null {
  const [connection] = dialogueOf(recording, { program: CLIENT });
  if (connection === undefined) return null;
  const answer = stepOf(connection, "answer") ?? stepOf(connection, "bytes");
  const end = stepOf(connection, "end");
  if (answer === undefined || answer.outcome !== "ok" || end === undefined) return null;
  return {
    endedMs: end.outcome === "timeout" ? null : end.ms,
    how: end.outcome,
    announcedS: answer.answer?.keepAliveSeconds ?? null,
  };
}

const stepOf = (
  { steps }: DialogueConnection,
  name: string,
): DialogueConnection["steps"][number] | undefined => steps.find(({ step }) => step === name);

function announcedIn({ announcedS }: Idle): string {
  return announcedS === null ? "it announced no time" : `it announced timeout=${announcedS}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`;
}
