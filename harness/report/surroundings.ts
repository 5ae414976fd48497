import type { Diagnosis } from "../diagnosis/diagnose.ts";
import { wrap } from "./wrap.ts";

/** What was looked at, in numbers, where nothing was found. */
export function surroundingLines({ found, examined, surroundings }: Diagnosis, columns: number): string[] {
  if (found.length > 0 || examined.length === 0) return [];
  const { sockets, queue, descriptors, counters } = surroundings;
  const counted = sockets.map(({ state, side, count }) =>
    state === "LISTEN" ? `${count} LISTEN` : `${count} ${state} (${END[side]})`,
  );
  const moved = Object.entries(counters ?? {}).map(([name, by]) => `${name} by ${by}`);
  const sentences = [
    `Looked at: ${counted.length === 0 ? "no socket in the last sample" : counted.join(", ")}.`,
    ...(queue === null
      ? []
      : [`The fullest accept queue held ${queue.queue} of ${queue.backlog} (port ${queue.port}).`]),
    ...(descriptors === null
      ? []
      : [
          `${descriptors.name} (pid ${descriptors.pid}) has ${descriptors.descriptors} of ${descriptors.limit} descriptors.`,
        ]),
    ...(moved.length > 0 ? [`Counters that moved: ${moved.join(", ")}.`] : []),
    ...(counters !== null && moved.length === 0 ? ["No counter of trouble moved."] : []),
  ];
  return wrap(sentences.join(" "), columns);
}

const END = { listener: "listening end", connector: "connecting end" } as const;
