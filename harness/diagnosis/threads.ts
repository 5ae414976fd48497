import type { Asked } from "../model/examined.ts";
import type { ProcessRow } from "../model/sample.ts";
import type { ThreadWaits } from "../model/thread-waits.ts";
import { MOST_THREADS, readThreadWaits } from "../observers/processes/thread-waits.ts";
import { examinedAmong } from "./asked.ts";
import type { Seen } from "./survey.ts";

/** So many threads are read in a look, which takes some 20 us each; then only the main one of each further process. */
const MOST_IN_A_LOOK = 1000;

/** What a look showed, with what the threads do of whoever is examined: the asked subjects and their other ends, in this order. */
export function withThreads(seen: Seen[], asked: Asked): Seen[] {
  const patients = seen.map(({ subject, groups }) => ({
    subject,
    pids: new Set(subject.kind === "family" ? subject.pids : []),
    view: {
      host: subject.name,
      sysctls: {},
      samples: [{ kind: "sockets" as const, atUs: 0, phase: "load" as const, host: subject.name, groups }],
    },
  }));
  const waits = new Map<number, ThreadWaits | null>();
  let left = MOST_IN_A_LOOK;
  for (const { patient } of examinedAmong(patients, asked)) {
    const one = seen.find(({ subject }) => subject === patient.subject);
    for (const { pid } of one?.processes ?? []) {
      const read = waits.has(pid) ? undefined : readThreadWaits(pid, Math.min(left, MOST_THREADS));
      if (read === undefined) continue;
      waits.set(pid, read);
      left -= Math.min(left, MOST_THREADS, read?.threads ?? 0);
    }
  }
  const withWaits = (row: ProcessRow): ProcessRow => {
    const read = waits.get(row.pid);
    return read === undefined ? row : { ...row, waits: read };
  };
  return seen.map((one) => ({ ...one, processes: one.processes.map(withWaits) }));
}
