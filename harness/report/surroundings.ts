import type { Diagnosis } from "../diagnosis/diagnose.ts";
import type { Surroundings } from "../diagnosis/surroundings.ts";
import { placeOf } from "../measure/kernel-waits.ts";
import { wrap } from "./wrap.ts";

/** How many processes say what their main thread does. */
const MOST_PROCESSES = 3;

/** What was looked at, in numbers, where nothing was found. */
export function surroundingLines({ found, examined, surroundings }: Diagnosis, columns: number): string[] {
  if (found.length > 0 || examined.length === 0) return [];
  const { sockets, queue, descriptors, counters, threads, unanswered } = surroundings;
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
    ...threads.slice(0, MOST_PROCESSES).map(mostlyDoes),
    ...unanswered.map(withoutAnswer),
    ...(moved.length > 0 ? [`Counters that moved: ${moved.join(", ")}.`] : []),
    ...(counters !== null && moved.length === 0 ? ["No counter of trouble moved."] : []),
  ];
  return wrap(sentences.join(" "), columns);
}

const END = { listener: "listening end", connector: "connecting end" } as const;

/** What the main thread of a process did in most samples. */
function mostlyDoes({ name, pid, main, samples }: Surroundings["threads"][number]): string {
  const [most] = main;
  const some =
    most === undefined || most.samples === samples ? "" : ` in ${most.samples} of ${samples} samples`;
  return `The main thread of ${name} (pid ${pid}) ${placeOf(most?.wait ?? "unknown").words}${some}.`;
}

function withoutAnswer({ port, count, isIdle }: Surroundings["unanswered"][number]): string {
  const those = count === 1 ? "A client of" : `${count} clients of`;
  const have = count === 1 ? "has" : "have";
  const but = isIdle
    ? "meanwhile no thread waited for a client, and none ran"
    : "a collector of logs does that by design";
  return `${those} port ${port} ${have} sent something, and no byte went back for 1.5 s or more: ${but}.`;
}
