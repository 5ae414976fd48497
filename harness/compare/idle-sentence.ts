import type { Held } from "../model/comparison.ts";

/** Steps of memory, in kB, far from what was measured so far: 1 for the raw client, 9 for the raw server, 60 for each with TLS. */
const STEPS_KB = [4, 16, 128, 1024];
/** Below this, the processor time of an idle connection at both ends is called next to none. */
const NEXT_TO_NONE_US_PER_SECOND = 100;

/** A sentence on what an idle connection costs; none if no connection was held. */
export function idleSentence(held: Held | null): string[] {
  if (held === null) return [];
  const { serverBytes, clientBytes, cpuUsPerSecond, segmentsPerSecond } = held;
  const memory = [
    ...below(serverBytes?.median, "the server's process memory"),
    ...below(clientBytes?.median, "the client's"),
  ];
  const costs = [
    ...(memory.length === 0 ? [] : [memory.join(" and ")]),
    "a descriptor at each end",
    ...(segmentsPerSecond?.median === 0 ? ["no segment"] : []),
    ...(cpuUsPerSecond !== null && cpuUsPerSecond.median < NEXT_TO_NONE_US_PER_SECOND
      ? ["next to no processor time"]
      : []),
  ];
  const last = costs.at(-1) ?? "";
  return [`An idle connection costs ${costs.slice(0, -1).join(", ")} and ${last}.`];
}

function below(bytes: number | undefined, where: string): string[] {
  const step = bytes === undefined ? undefined : STEPS_KB.find((kB) => bytes < kB * 1000);
  return step === undefined ? [] : [`less than ${step} kB of ${where}`];
}
