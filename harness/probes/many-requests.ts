import { dialogueOf } from "../measure/dialogue.ts";
import type { Probe, ProbeClaim } from "../model/probe.ts";
import { asksForHttp, closesEach } from "./claims.ts";
import { dialogue, exchange, sceneOf } from "./scene.ts";

const REQUESTS = 97;
const CLIENT = "asker";

export const probe: Probe = {
  id: "many-requests",
  title: `${REQUESTS} requests over one connection, one after another`,
  claim: "a connection carries many requests, or the last answer says that it is the last",
  because:
    "a limit on the requests of a connection is right; a connection that ends without a word loses the next request",
  explainedBy: "http-keep-alive",
  waits: false,
  skips: (server) => asksForHttp(server) ?? closesEach(server),
  setup: (server, { answerMs }) =>
    sceneOf(server, {
      clients: {
        [CLIENT]: {
          run: dialogue(server, exchange(server, answerMs), ["--repeat", String(REQUESTS)]),
          withinMs: 12 * answerMs,
        },
      },
      phases: { load: { exited: [CLIENT] } },
    }),
  claims: () => [lastIsSaid],
};

const lastIsSaid: ProbeClaim = {
  claim: `${REQUESTS} requests are answered, or the last answer says Connection: close`,
  because: "the client opens another connection when it knows that this one is over (RFC 9112, section 9.6)",
  needs: ["report"],
  test: (recording) => {
    const [connection] = dialogueOf(recording, { program: CLIENT });
    if (connection === undefined) return { holds: null, observed: "no connection was reported" };
    const answers = connection.steps.filter(({ step, outcome }) => step === "answer" && outcome === "ok");
    const last = answers.at(-1)?.answer ?? null;
    const saysLast = last !== null && !last.isPersistent;
    const how = saysLast ? ", and the last one said so" : "";
    return {
      holds: connection.outcome === "ok" || (answers.length > 0 && saysLast),
      observed: `${answers.length} of ${REQUESTS} were answered${how}`,
    };
  },
};
