import type { Held } from "../model/comparison.ts";

/** Steps of memory, in kB, far from what was seen so far: 1 and 9 of the raw client and server, 60 of each with TLS. */
const STEPS_KB = [4, 16, 128, 1024];
/** Below this an idle connection's processor time, of both ends, is called next to none. */
const NEXT_TO_NONE_US_PER_SECOND = 100;

/** What an idle connection costs; nothing where none was held. */
export function idleSentence(held: Held | null): string[] {
  if (held === null) return [];
  const { serverBytes, clientBytes, cpuUsPerSecond, segmentsPerSecond } = held;
  const memory = [
    ...below(serverBytes?.median, "the server's process"),
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
