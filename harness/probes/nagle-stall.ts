import { nagleStalls, type Stall } from "../measure/nagle.ts";
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
  // The packets themselves show what waited for what: no busy machine makes the next part follow an acknowledgement that was held.
  atAnyPace: true,
  test: (recording) => {
    const all = wireConnections(recording).map(({ packets }) => nagleStalls(packets, "server"));
    if (all.length < 2) return { holds: null, observed: `${all.length} of 2 connections were made` };
    const counts = all.map((stalls) => stalls.length).join(" and ");
    return {
      holds: all.some((stalls) => stalls.length <= MOST_STALLED),
      observed: `${counts} of ${REQUESTS} answers over two connections waited${waitsOf(all)}`,
    };
  },
};

/** What the packets of each connection with stalls show: what came when. */
function waitsOf(all: Stall[][]): string {
  const words = all.flatMap((stalls, nth) => {
    const median = (times: number[]): string =>
      `${(
        percentile(
          times.map((us) => us / 1000),
          50,
        ) ?? 0
      ).toFixed(1)} ms`;
    if (stalls.length === 0) return [];
    const acknowledged = median(stalls.map(({ acknowledgedUs }) => acknowledgedUs));
    const followed = median(stalls.map(({ followedUs }) => followedUs));
    const held = nth === 0 ? "" : `, was held on the wire for ${HELD_MS} ms`;
    return [
      `on the ${nth === 0 ? "first" : "second"}, the acknowledgement of one part came after ${acknowledged}${held}, and the next part ${followed} after it`,
    ];
  });
  return words.length === 0 ? "" : `: ${words.join("; ")} (medians)`;
}
