import { waits } from "../measure/starvation.ts";
import type { Recording } from "../model/recording.ts";
import type { PressureSample } from "../model/sample.ts";

/** How many of those that waited longest are named. */
const MOST_NAMED = 3;

/**
 * How busy the machine was in a trial, in one line: who waited longest for a processor (while programs started, too), how late looks
 * were, and how much of the time anything on the machine waited. null for a recording without pressure samples.
 */
export function pressureLine({ samples, ...recording }: Recording): string | null {
  const looks = samples.filter((sample): sample is PressureSample => sample.kind === "pressure");
  const last = looks.at(-1);
  if (last === undefined) return null;
  const who = waits({ samples, ...recording })
    .filter(({ waitedUs }) => waitedUs > 0)
    .slice(0, MOST_NAMED)
    .map((one) => `${one.who} ${seconds(one.waitedUs)}`);
  const lateMs = Math.max(...looks.map(({ lookLateUs }) => lookLateUs)) / 1000;
  const some = last.someWaitedUs === undefined || last.atUs === 0 ? null : last.someWaitedUs / last.atUs;
  return [
    who.length === 0 ? "no program waited for a processor" : `waited for a processor: ${who.join(", ")}`,
    `in ${seconds(last.atUs)}; samples came up to ${Math.round(lateMs)} ms late`,
    ...(some === null
      ? []
      : [`; some task of the machine waited in ${Math.min(100, Math.round(some * 100))} % of the time`]),
  ]
    .join(" ")
    .replaceAll(" ;", ";");
}

function seconds(us: number): string {
  return `${(us / 1e6).toFixed(2)} s`;
}
