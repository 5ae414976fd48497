import type { Arm } from "../model/comparison.ts";
import { atPlaces, capital, places, rangeOf } from "./wording.ts";

/** Sentences that say of which arms the client was the bottleneck: their rates and times are not the server's. */
export function clientBoundSentences(arms: readonly Arm[]): string[] {
  const times = [...new Set(arms.map(({ rttMs }) => rttMs))];
  return times.flatMap((rttMs) => {
    const all = arms.filter((arm) => arm.rttMs === rttMs);
    const bound = all.filter(isClientBound);
    if (bound.length === 0) return [];
    const whose = bound.length === all.length ? "every arm" : places(bound.map(({ id }) => id));
    const servers = bound.flatMap(({ serverThread }) => (serverThread === null ? [] : [serverThread.median]));
    const server =
      servers.length < bound.length
        ? "and the server's processor time could not be read, so it is not known whether the server could do more"
        : `the server's busiest thread for ${percents(servers)}, so the server could do more`;
    return [
      capital(
        `${atPlaces([rttMs === null ? "here" : `${rttMs} ms`])}, the client was the bottleneck of ${whose}: it worked for ` +
          `${percents(bound.map(({ clientCores }) => clientCores.median))} of the time, ${server}. ` +
          "Requests a second and times are the client's.",
      ),
    ];
  });
}

/** `90 to 95 %`. */
function percents(shares: readonly number[]): string {
  return `${rangeOf(shares.map((share) => share * 100))} %`;
}

/** Whether the client, and not the server, limits an arm. */
export function isClientBound({ limitedBy }: Arm): boolean {
  return limitedBy === "client CPU";
}
