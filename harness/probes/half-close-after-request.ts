import type { Probe } from "../model/probe.ts";
import { allServed } from "./claims.ts";
import { answerStep, dialogue, sceneOf } from "./scene.ts";

export const probe: Probe = {
  id: "half-close-after-request",
  title: "a client sends its request, and then a FIN",
  claim: "the server answers in full a client that has ended its own direction",
  because:
    "a FIN means that the client sends no more, not that it is gone: a server that drops the answer loses requests",
  explainedBy: "half-close",
  waits: false,
  setup: (server, { answerMs }) =>
    sceneOf(server, {
      clients: {
        asker: {
          run: dialogue(server, [
            `send ${server.lastRequest}`,
            "shutdown",
            answerStep(server, answerMs),
            "close",
          ]),
          withinMs: 3 * answerMs,
        },
      },
      phases: { load: { exited: ["asker"] } },
    }),
  claims: ({ speaks }) => [
    {
      ...allServed("asker", "the answer is owed, and the way to the client is still open"),
      // Clients of HTTP seldom half-close, and well-kept servers take it for a goodbye while they work (a proxy stops its work upstream).
      otherwise: speaks === "http" ? "warn" : "fail",
    },
  ],
};
