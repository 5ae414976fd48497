import type { ThreadsHere } from "../diagnosis/thread-evidence.ts";
import { placeOf } from "../measure/kernel-waits.ts";
import type { ThreadsSeen } from "../measure/thread-waits.ts";

/** How many processes are printed. */
const MOST_PROCESSES = 3;
/** How many things that its other threads do are printed of a process. */
const MOST_WAITS = 4;

/** What threads do, a line for each process, and what follows. Processes that do the same have one line. */
export function threadLines(threads: ThreadsHere | null): string[] {
  if (threads === null) return [];
  const same = new Map<string, ThreadsSeen[]>();
  for (const one of threads.processes) {
    const words = threadsInWords(one);
    same.set(words, [...(same.get(words) ?? []), one]);
  }
  const lines = [...same].map(([words, [first, ...others]]) => {
    const and =
      others.length === 0
        ? ""
        : `, and ${others.length} other ${others.length === 1 ? "process" : "processes"}`;
    return `${first?.name ?? ""} (pid ${first?.pid ?? ""})${and}: ${words}`;
  });
  const more = lines.length - MOST_PROCESSES;
  return [
    ...lines.slice(0, MOST_PROCESSES),
    ...(more > 0 ? [`and ${more} more; --json has all`] : []),
    ...(threads.follows === null ? [] : [threads.follows]),
  ];
}

/**
 * `its only thread waits in accept() (inet_csk_accept), in all 9 samples`; `its main thread computes, or is ready to, in 5 of 9 samples; of 10
 * others, 9 to 10 ...`.
 */
function threadsInWords({ samples, threads, read, main, others }: ThreadsSeen): string {
  const mains = main.map(({ wait, samples: some }) => {
    const when =
      some === samples
        ? `in ${samples === 1 ? "one sample" : `all ${samples} samples`}`
        : `in ${some} of ${samples} samples`;
    return `${placeOf(wait).words}, ${when}`;
  });
  const which = threads === 1 ? "only" : "main";
  return [`its ${which} thread ${mains.join("; ")}`, ...othersInWords(others, threads, read)].join("; ");
}

function othersInWords(others: ThreadsSeen["others"], threads: number, read: number): string[] {
  if (threads === 1) return [];
  if (read === 1) return [`the ${threads - 1} others were not read`];
  const some = others
    .slice(0, MOST_WAITS)
    .map(
      ({ wait, least, most }) => `${least === most ? most : `${least} to ${most}`}: ${placeOf(wait).words}`,
    );
  const more = others.length > MOST_WAITS ? [`and ${others.length - MOST_WAITS} other things`] : [];
  const of = read < threads ? `the first ${read - 1} of ${threads - 1} others` : `${threads - 1} others`;
  return [`of ${of}, ${[...some, ...more].join("; ")}`];
}
