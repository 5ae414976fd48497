import { waits } from "../measure/starvation.ts";
import type { Recording } from "../model/recording.ts";
import type { PressureSample } from "../model/sample.ts";

/** So many of those that waited longest are named. */
const MOST_NAMED = 3;

/**
 * What the machine had to give to a trial, in one line: who waited longest for a processor, starts of programs included, how late looks came,
 * and how much anybody on the machine waited. null for a recording that does not tell.
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
    who.length === 0 ? "nobody waited for a processor," : `waited for a processor: ${who.join(", ")}`,
    `of ${seconds(last.atUs)}; looks came up to ${Math.round(lateMs)} ms late`,
    ...(some === null
      ? []
      : [`; somebody on the machine waited ${Math.min(100, Math.round(some * 100))} % of it`]),
  ]
    .join(" ")
    .replaceAll(" ;", ";");
}

function seconds(us: number): string {
  return `${(us / 1e6).toFixed(2)} s`;
}
