import { type DialogueConnection, dialogueOf } from "../measure/dialogue.ts";
import type { Answer } from "../model/expectation.ts";
import type { Probe, ProbeClaim } from "../model/probe.ts";
import { closesEach } from "./claims.ts";
import { affordable, dialogue, exchange, sceneOf } from "./scene.ts";

const CLIENT = "reusers";
/** The one-way delay, in milliseconds: for so long a FIN of the server is on its way, and a request that meets it is lost. */
const DELAY_MS = 5;
/** The connections are used again from so long before the close to so long after it, in milliseconds. */
const SPREAD_MS = 25;
/** A server that closes after the announced time to the millisecond keeps its word. Clients that trust it close a second earlier. */
const SLACK_MS = 100;
/** New connections in a second. */
const RATE = 500;

export const probe: Probe = {
  id: "reuse-at-idle-close",
  title: "requests at the very moment when the server closes idle connections",
  claim: "a server that closes idle connections has announced when, so that its clients can close first",
  because:
    "a request that crosses the server's FIN is answered with a reset, and the client cannot know whether it was served: a POST must not be sent again",
  explainedBy: "keep-alive-close-race",
  waits: true,
  skips: closesEach,
  setup: (server, { answerMs, patienceMs, reuses }) => {
    const count = affordable(server, reuses);
    const many = ["--connections", String(count + 1), "--rate", String(RATE)];
    const again = exchange(server, answerMs);
    return sceneOf(server, {
      delayMs: DELAY_MS,
      segments: "counted",
      clients: {
        [CLIENT]: {
          run: dialogue(server, [...again, `idle ${SPREAD_MS} ${patienceMs}`, ...again], many),
          withinMs: Math.ceil((1000 * count) / RATE) + 2 * patienceMs + 3 * answerMs,
        },
      },
      phases: { load: { exited: [CLIENT] } },
    });
  },
  // Only HTTP has a word for it.
  claims: ({ speaks }) => [speaks === "http" ? fewLost : { ...fewLost, otherwise: "informational" }],
};

const fewLost: ProbeClaim = {
  claim: "no request meets the close, or the server has announced it",
  because: "with Keep-Alive: timeout a client closes before the server does, and loses nothing",
  needs: ["report"],
  otherwise: "warn",
  atAnyPace: true,
  test: (recording) => {
    const all = dialogueOf(recording, { program: CLIENT });
    const [first, ...others] = all;
    if (first === undefined) return { holds: null, observed: "no connection was reported" };
    return answerOf(first, others);
  },
};

function answerOf(first: DialogueConnection, others: DialogueConnection[]): Answer {
  const { ended } = first;
  if (ended === null) return { holds: true, observed: "no idle connection was closed in that time" };
  const used = others.filter((one) => secondRequest(one) !== undefined);
  if (used.length === 0) return { holds: null, observed: "no connection was used again" };
  const lost = used.filter(({ outcome }) => outcome !== "ok").length;
  const announced = first.steps.find(({ answer }) => answer !== null)?.answer?.keepAliveSeconds ?? null;
  const isAnnounced = announced !== null && announced * 1000 <= ended.idleMs + SLACK_MS;
  const words = [
    `${lost} of ${used.length} requests were lost, at the close after ${(ended.idleMs / 1000).toFixed(2)} s`,
    announced === null ? "it was not announced" : `timeout=${announced} was announced`,
  ];
  return { holds: lost === 0 || isAnnounced, observed: words.join("; ") };
}

/** The step that sends the second request: the connection was not closed before. */
function secondRequest({ steps }: DialogueConnection): DialogueConnection["steps"][number] | undefined {
  return steps.filter(({ step }) => step === "send")[1];
}
