import { nagleStalls } from "../measure/nagle.ts";
import { percentile } from "../measure/percentile.ts";
import { wireConnections } from "../measure/packets.ts";
import type { Probe, ProbeClaim } from "../model/probe.ts";
import { closesEach } from "./claims.ts";
import { dialogue, exchange, sceneOf } from "./scene.ts";

const REQUESTS = 11;
const CLIENT = "asker";
/** How much longer the acknowledgements of the second connection take. What waits for them comes so much later, and nothing else does. */
const HELD_MS = 30;
/** Linux delays no acknowledgement at the beginning of a connection, so the first answers do not stall: most of them must. */
const MOST_STALLED = 4;

export const probe: Probe = {
  id: "nagle-stall",
  title: "one request after another over a kept connection",
  claim: "no answer waits for the client to acknowledge a part of it",
  because:
    "an answer in two small writes leaves in two parts, and Nagle's algorithm keeps the second until the client's kernel acknowledges the first, 40 ms later",
  explainedBy: "nagle-delayed-ack",
  waits: false,
  skips: closesEach,
  setup: (server, { answerMs }) =>
    sceneOf(server, {
      clients: {
        [CLIENT]: {
          run: dialogue(server, exchange(server, answerMs), [
            ...["--repeat", String(REQUESTS)],
            ...["--connections", "2"],
          ]),
          withinMs: (REQUESTS + 3) * answerMs,
        },
      },
      phases: { load: { exited: [CLIENT] } },
      rules: [
        {
          name: "late acknowledgements",
          match: { from: "client", connection: 2, payload: "none", flags: ["ACK"], without: ["FIN", "RST"] },
          do: { holdMs: HELD_MS },
        },
      ],
    }),
  claims: () => [noStall],
};

const noStall: ProbeClaim = {
  claim: `fewer than ${MOST_STALLED + 1} of ${REQUESTS} answers wait for a delayed acknowledgement`,
  because: "the whole answer in one write, or TCP_NODELAY, leaves at once",
  needs: ["packet"],
  test: (recording) => {
    const all = wireConnections(recording).map(({ packets }) => nagleStalls(packets, "server"));
    if (all.length < 2) return { holds: null, observed: `${all.length} of 2 connections were made` };
    const counts = all.map((stalls) => stalls.length).join(" and ");
    const median = percentile(
      all.flat().map(({ followedUs }) => followedUs / 1000),
      50,
    );
    const how =
      median === null
        ? ""
        : `: a part of them left ${median.toFixed(1)} ms after the acknowledgement of the part before it, which came after 40 ms and, where it was held, ${HELD_MS} ms later`;
    return {
      holds: all.some((stalls) => stalls.length <= MOST_STALLED),
      observed: `${counts} of ${REQUESTS} answers over two connections waited${how}`,
    };
  },
};
