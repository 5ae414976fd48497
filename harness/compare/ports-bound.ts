import { slowFrom } from "../load/ports.ts";
import type { Arm } from "../model/comparison.ts";
import { NO_PORT } from "./limit.ts";
import { atPlaces, capital, places, whole } from "./wording.ts";

/** How an arm was short of ports: `1,097 attempts found no free port`, `14,462 of 28,232 ports were taken`. */
export function portsText({ errors, ports }: Pick<Arm, "errors" | "ports">): string {
  const failed = errors[NO_PORT] ?? 0;
  if (failed > 0) return `${whole(failed)} ${failed === 1 ? "attempt" : "attempts"} found no free port`;
  const of = ports.range === null ? "" : ` of ${whole(ports.range)}`;
  return `${whole(ports.taken ?? 0)}${of} ports were taken`;
}

/** Sentences that say which arms ports limited: nothing is concluded from their rates and times. */
export function portsBoundSentences(arms: readonly Arm[]): string[] {
  const times = [...new Set(arms.map(({ rttMs }) => rttMs))];
  return times.flatMap((rttMs) => {
    const bound = arms.filter((arm) => arm.rttMs === rttMs && arm.limitedBy === "ports");
    if (bound.length === 0) return [];
    const each = bound.map((arm) => `${arm.id} (${portsText(arm)})`);
    const slow = bound.flatMap(({ ports }) => (ports.slow ? (slowFrom(ports.range ?? 0) ?? []) : []))[0];
    const why = slow === undefined ? "" : ` From ${whole(slow)} on, connect() is slow.`;
    const their = bound.length === 1 ? "Its" : "Their";
    return [
      capital(
        `${atPlaces([rttMs === null ? "here" : `${rttMs} ms`])}, ports limited ${places(each)}.${why} ${their} requests a second and ` +
          "times are not the server's, and nothing is concluded from them. Open fewer connections: measure for a shorter time " +
          "(--duration), or leave this out (--requests-per-connection).",
      ),
    ];
  });
}
