import type { Arm } from "../model/comparison.ts";
import { atPlaces, capital, percents, places } from "./wording.ts";

/** Sentences that say of which arms the client was the bottleneck: their rates and times are not the server's. */
export function clientBoundSentences(arms: readonly Arm[]): string[] {
  const times = [...new Set(arms.map(({ rttMs }) => rttMs))];
  return times.flatMap((rttMs) => {
    const all = arms.filter((arm) => arm.rttMs === rttMs);
    const bound = all.filter(isClientBound);
    if (bound.length === 0) return [];
    const whose = bound.length === all.length ? "every arm" : places(bound.map(({ id }) => id));
    const servers = bound.flatMap(({ busy }) => busy?.server?.median ?? []);
    const server =
      servers.length < bound.length
        ? "and how busy the server was could not be read, so it is not known whether the server could do more"
        : `the server's for ${percents(servers)}, so the server could do more`;
    return [
      capital(
        `${atPlaces([rttMs === null ? "here" : `${rttMs} ms`])}, the client was the bottleneck of ${whose}: its busiest thread had work for ` +
          `${percents(bound.map(({ busy, clientCores }) => (busy?.client ?? clientCores).median))} of the time, ${server}. ` +
          "Requests a second and times are the client's.",
      ),
    ];
  });
}

/** Whether the client, and not the server, limits an arm. */
export function isClientBound({ limitedBy }: Arm): boolean {
  return limitedBy === "client CPU";
}
