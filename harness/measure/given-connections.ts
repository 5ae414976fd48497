import { type Evidence, samplesOf } from "./evidence.ts";
import { type Sockets, socketSeries } from "./sockets.ts";

/** Connections of a listener that a process holds which does not listen. */
const ELSEWHERE: Sockets = {
  side: "listener",
  state: ["ESTABLISHED", "CLOSE-WAIT"],
  owner: ["process", "shared"],
};
/** As many more are no accident of two looks that are not quite at the same time. */
const LEAST = 3;

/**
 * Whether processes that do not listen are given connections, as the workers of a dispatcher are: more connections are held elsewhere while no
 * process begins. A process inherits only what is open when it begins, so an accident needs a new process for each new connection.
 */
export function areGivenConnections(evidence: Evidence): boolean {
  const held = socketSeries(evidence, ELSEWHERE);
  return stretchesWithoutBirths(evidence).some(({ fromUs, toUs }) => {
    const { first, last } = held.window(fromUs, toUs);
    return first !== null && last !== null && last.value - first.value >= LEAST;
  });
}

/** The times from a look at the processes to the last one that has no process which the first one had not. */
function stretchesWithoutBirths(evidence: Evidence): { fromUs: number; toUs: number }[] {
  const stretches: { fromUs: number; toUs: number }[] = [];
  let known = new Set<number>();
  for (const { atUs, processes } of samplesOf(evidence, "processes")) {
    const last = stretches.at(-1);
    if (last !== undefined && processes.every(({ pid }) => known.has(pid))) {
      last.toUs = atUs;
    } else {
      known = new Set(processes.map(({ pid }) => pid));
      stretches.push({ fromUs: atUs, toUs: atUs });
    }
  }
  return stretches;
}
