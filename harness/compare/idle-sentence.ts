import type { Estimate, Held } from "../model/comparison.ts";
import { HOLDS } from "./hold-setup.ts";
import { digits } from "./wording.ts";

/** A sentence on what an idle connection costs; none if no connection was held. */
export function idleSentence(held: Held | null): string[] {
  if (held === null) return [];
  const { serverBytes, clientBytes, cpuUsPerSecond, segmentsPerSecond, repetitions } = held;
  const costs = [
    ...memory(serverBytes, "the server's process memory"),
    ...memory(clientBytes, "the client's"),
    "a descriptor at each end",
    ...(segmentsPerSecond === null ? [] : [segments(segmentsPerSecond)]),
    ...(cpuUsPerSecond === null
      ? []
      : [`${digits(cpuUsPerSecond.median, 2)} us of processor time at both ends a second`]),
  ];
  const last = costs.at(-1) ?? "";
  const some = repetitions < HOLDS ? ` (${repetitions} of ${HOLDS} trials)` : "";
  return [
    costs.length === 1
      ? `An idle connection costs ${last}${some}.`
      : `An idle connection costs ${costs.slice(0, -1).join(", ")} and ${last}${some}.`,
  ];
}

/** Nothing if it was not measured, or if noise was greater than the cost. */
function memory(bytes: Estimate | null, where: string): string[] {
  return bytes === null || bytes.median <= 0
    ? []
    : [`about ${digits(bytes.median / 1000, 2)} kB of ${where}`];
}

function segments({ median }: Estimate): string {
  return median === 0 ? "no segment" : `${digits(median, 2)} segments a second`;
}
