import type { Arm, Limit } from "../model/comparison.ts";
import { portsText } from "./ports-bound.ts";
import { percents, places, rangeOf, same } from "./wording.ts";

const WORDS: Record<Limit, string> = {
  "server CPU": "the server's processor time",
  "client CPU": "the client's processor time",
  "CPU at both ends": "the processor time of both ends, which is nearly the same",
  "round trips": "round trips",
  ports: "ports",
  "nothing in sight": "something that cannot be measured from here",
};

/** What limits each arm, at each place. */
export function limitSentences(all: readonly { place: string; arms: readonly Arm[] }[]): string[] {
  return same(all.map(({ place, arms }) => ({ place, text: limitsOf(arms) })));
}

function limitsOf(arms: readonly Arm[]): string {
  const limits = [...new Set(arms.map(({ limitedBy }) => limitedBy))];
  const [only] = limits;
  if (only !== undefined && limits.length === 1)
    return `every arm is limited by ${WORDS[only]}${used(only, arms)}`;
  return limits
    .map((limit) => {
      const some = arms.filter(({ limitedBy }) => limitedBy === limit);
      const are = some.length === 1 ? "is" : "are";
      return `${places(some.map(({ id }) => id))} ${are} limited by ${WORDS[limit]}${used(limit, some)}`;
    })
    .join("; ");
}

/** How much the limiting end worked, or how ports ran short. */
function used(limit: Limit, arms: readonly Arm[]): string {
  if (limit === "ports") return ` (${places([...new Set(arms.map(portsText))])})`;
  if (limit !== "client CPU" && limit !== "server CPU") return "";
  const end = limit === "client CPU" ? "client" : "server";
  const busy = arms.flatMap((arm) => arm.busy?.[end]?.median ?? []);
  if (busy.length > 0) return `, with work for ${percents(busy)} of the time`;
  // From the figures of the table, so that a reader can check it.
  const cores = arms.flatMap((arm) => {
    const cpuUs = arm[`${end}CpuUs`];
    return cpuUs === null ? [] : [(cpuUs.median * arm.perSecond.median) / 1e6];
  });
  return cores.length === 0 ? "" : ` (CPU us times requests/s: ${rangeOf(cores)} of a processor)`;
}
