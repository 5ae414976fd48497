import { samplesOf } from "../measure/evidence.ts";
import { repeats, type WireConnection, wireConnections } from "../measure/packets.ts";
import type { Answer } from "../model/expectation.ts";
import type { CheckedServer, ProbeBounds, ProbeClaim } from "../model/probe.ts";
import type { Recording } from "../model/recording.ts";
import type { Condition, InterventionPlan, Setup } from "../model/setup.ts";
import type { TcpState } from "../model/state.ts";
import type { WireRule } from "../model/wire.ts";
import { allServed } from "./claims.ts";
import { inSeconds, rowsOf, type RowSeen } from "./rows.ts";
import { dialogue, exchange, NEIGHBOUR, sceneOf } from "./scene.ts";

// Probes in which the host of a client loses its power.

/** The intervention with which the host vanishes. */
export const GONE = "gone";
/** How many clients of another host ask afterwards, at the same time. */
const OTHERS = 3;
/** For how long their time begins after it. */
const LATER_MS = 200;

/** What is done with the client before its host vanishes. */
export interface Vanishing {
  steps: string[];
  interventions: InterventionPlan[];
  rules?: WireRule[];
  /** How long all of it takes, at least. */
  vanishesMs: number;
}

/** A client whose host vanishes, and clients of another host that ask from then on. The probe ends when the server has noticed. */
export function vanishingScene(
  server: CheckedServer,
  { answerMs, patienceMs }: ProbeBounds,
  { steps, interventions, rules = [], vanishesMs }: Vanishing,
): Setup {
  const mostMs = patienceMs + vanishesMs;
  const others = ["--connections", String(OTHERS)];
  return sceneOf(server, {
    rules,
    clients: {
      vanishing: { run: dialogue(server, steps), withinMs: mostMs + 4 * answerMs },
      others: {
        run: dialogue(server, [...exchange(server, answerMs), "close"], others),
        host: NEIGHBOUR,
        withinMs: 4 * answerMs,
        when: connectedFor(vanishesMs + LATER_MS),
      },
    },
    phases: {
      load: { until: { exited: ["others"] }, withinMs: vanishesMs + 6 * answerMs },
      drain: {
        until: {
          any: [
            { elapsedMs: patienceMs },
            { sockets: { host: "server", side: "listener", port: server.port, state: HELD }, atMost: 0 },
          ],
        },
        withinMs: patienceMs + 5_000,
      },
    },
    interventions,
  });
}

/** The states of a connection that the server has not given up: it has sent no FIN. */
const HELD: TcpState[] = ["ESTABLISHED", "CLOSE-WAIT"];

/** That the client has been connected for a time. A server may have closed the connection meanwhile. */
export function connectedFor(heldForMs: number): Condition {
  return { heldForMs, condition: { sockets: { host: "client", state: HELD }, atLeast: 1 } };
}

/** The claims on it: that others are served, and, as a question, when the server's end is gone. */
export function vanishedClaims({ patienceMs }: ProbeBounds, untilWhen: string): ProbeClaim[] {
  return [
    allServed("others", "one client that is gone must not hold up those that are there"),
    {
      claim: `when the server gives up the connection, in ${patienceMs / 1000} s`,
      because: untilWhen,
      needs: ["packet", "sockets", "intervention"],
      test: noticed,
      otherwise: "informational",
    },
  ];
}

/** When the server's end of the vanished client's connection was given up, and by what. */
function noticed(recording: Recording): Answer {
  const gone = samplesOf(recording, "intervention").find(({ name, done }) => name === GONE && done);
  const connection = wireConnections(recording).find(({ link }) => link === 0);
  if (gone === undefined || connection === undefined)
    return { holds: null, observed: "the client did not connect, or did not vanish" };
  const rows = rowsOf(recording, connection, "server").filter(({ atUs }) => atUs >= gone.atUs);
  const last = rows.findLast(({ row }) => row !== null && HELD.some((state) => state === row.state));
  const signs = signsOf(connection, gone.atUs);
  if (last === undefined)
    return { holds: true, observed: `the server had closed its end by the next sample; ${signs}` };
  const after = rows.find(({ atUs }) => atUs > last.atUs);
  if (after === undefined) {
    return {
      holds: true,
      observed: `still ${last.row?.state} after ${inSeconds(last.atUs - gone.atUs)}; ${signs}; ${timerOf(last)}`,
    };
  }
  return { holds: true, observed: `after ${inSeconds(after.atUs - gone.atUs)}; ${signs}` };
}

/** What the server has sent to a client that is gone. */
function signsOf({ packets }: WireConnection, goneUs: number): string {
  const sent = packets.filter(
    ({ from, atUs, phase }) => from === "server" && atUs > goneUs && phase !== "end",
  );
  const again = repeats(packets);
  const count = (kind: string): number => sent.filter((packet) => again.get(packet)?.kind === kind).length;
  const words = [
    [count("keep-alive probe"), "keep-alive probe"],
    [count("retransmission"), "retransmission"],
    [sent.filter((packet) => packet.flags.includes("FIN") && !again.has(packet)).length, "FIN"],
    [sent.filter(({ flags }) => flags.includes("RST")).length, "RST"],
  ] as const;
  const some = words.flatMap(([n, what]) => (n === 0 ? [] : [`${n} ${what}${n === 1 ? "" : "s"}`]));
  return some.length === 0 ? "the server sent nothing" : `the server sent ${some.join(", ")}`;
}

function timerOf({ row }: RowSeen): string {
  if (row === null) return "";
  const { timer, timerMs } = row;
  if (timer === "keepalive") return `its keep-alive timer is due in ${inSeconds(timerMs * 1000)}`;
  if (timer === "on") return `its retransmission timer is due in ${inSeconds(timerMs * 1000)}`;
  return "no timer of the kernel runs on it";
}
