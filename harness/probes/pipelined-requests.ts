import { dialogueOf } from "../measure/dialogue.ts";
import type { Probe, ProbeClaim } from "../model/probe.ts";
import { asksForHttp, closesEach } from "./claims.ts";
import { dialogue, sceneOf } from "./scene.ts";

const REQUESTS = 5;
const CLIENT = "asker";

export const probe: Probe = {
  id: "pipelined-requests",
  title: "several requests in one segment",
  claim: "requests that come together are all answered, or the last answer says that it is the last",
  because:
    "the kernel joins what two writes have sent: a server that reads one request and drops the rest of what it has read loses requests of clients that never meant to pipeline",
  explainedBy: "http-keep-alive",
  waits: false,
  skips: (server) => asksForHttp(server) ?? closesEach(server),
  setup: (server, { answerMs }) =>
    sceneOf(server, {
      clients: {
        [CLIENT]: {
          run: dialogue(server, [
            `send ${server.request.repeat(REQUESTS)}`,
            ...Array.from({ length: REQUESTS }, () => `answer ${answerMs}`),
          ]),
          withinMs: (REQUESTS + 2) * answerMs,
        },
      },
      phases: { load: { exited: [CLIENT] } },
    }),
  claims: () => [allAnswered],
};

const allAnswered: ProbeClaim = {
  claim: `all ${REQUESTS} requests are answered, in order, or the last answer says Connection: close`,
  because: "a server answers requests in the order in which they came (RFC 9112, section 9.3.2)",
  needs: ["report"],
  test: (recording) => {
    const [connection] = dialogueOf(recording, { program: CLIENT });
    if (connection === undefined) return { holds: null, observed: "no connection was reported" };
    const answers = connection.steps.filter(({ step, outcome }) => step === "answer" && outcome === "ok");
    const last = answers.at(-1)?.answer ?? null;
    const saysLast = last !== null && !last.isPersistent;
    const { failed, outcome } = connection;
    const how =
      failed === null ? "" : saysLast ? ", and the last one said so" : `, and then: ${outcome ?? "nothing"}`;
    return {
      holds: outcome === "ok" || (answers.length > 0 && saysLast),
      observed: `${answers.length} of ${REQUESTS} were answered${how}`,
    };
  },
};
