import type { Arm, Limit } from "../model/comparison.ts";
import { places, same } from "./wording.ts";

const WORDS: Record<Limit, string> = {
  "server CPU": "the server's processor time",
  "client CPU": "the client's processor time",
  "round trips": "round trips",
  ports: "ports, which ran out",
  "nothing in sight": "something that cannot be measured from here",
};

/** What limits each arm, at each round-trip time. */
export function limitSentences(arms: readonly Arm[]): string[] {
  const times = [...new Set(arms.map(({ rttMs }) => rttMs))];
  return same(times.map((rttMs) => ({ rttMs, text: limitsOf(arms.filter((arm) => arm.rttMs === rttMs)) })));
}

function limitsOf(arms: Arm[]): string {
  const limits = [...new Set(arms.map(({ limitedBy }) => limitedBy))];
  const [only] = limits;
  if (only !== undefined && limits.length === 1) return `every arm is limited by ${WORDS[only]}`;
  return limits
    .map((limit) => {
      const ids = arms.filter(({ limitedBy }) => limitedBy === limit).map(({ id }) => id);
      return `${places(ids)} ${ids.length === 1 ? "is" : "are"} limited by ${WORDS[limit]}`;
    })
    .join("; ");
}
