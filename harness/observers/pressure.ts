import { suspendedUs } from "../kernel/clock.ts";
import { PRESSURE_FILE, processorPressureUs, processorTime } from "../kernel/pressure.ts";
import { addRunTimes, mainThreadRunTime, type RunTime, runTime } from "../kernel/schedstat.ts";
import type { ProgramName } from "../model/names.ts";
import { MainThreads } from "./pressure/main-threads.ts";
import { sortByLine } from "./processes/kin.ts";
import { readProcesses } from "./processes/proc.ts";
import type { ProcessStat } from "./processes/stat.ts";
import type { Moment, PressureSample } from "../model/sample.ts";

/** The processes of a trial, besides the one that samples. A wire that has exited has no pid. */
export interface TrialProcesses {
  programs: ReadonlyMap<ProgramName, number>;
  wires: readonly (number | undefined)[];
}

/** The greatest lateness of samples, and of turns of the trial's loop, since the last sample; in microseconds. */
export interface Lateness {
  lookLateUs: number;
  turnLateUs: number;
}

/** Samples how long a trial's processes ran and waited for a processor. Unlike the other observers it has no host, and it is always on. */
export interface PressureObserver {
  name: string;
  costs: string;
  cannotSee: string;
  /** The files that this machine does not have. Empty when it has all of them. */
  unseen: string[];
  /** Takes a sample of the main threads. */
  look: (moment: Moment, lateness: Lateness) => PressureSample;
  /** Takes a sample of all threads, too, and looks for new descendants of the programs. It costs more. */
  lookAtAll: (moment: Moment, lateness: Lateness) => PressureSample;
  /** Closes the descriptors. No sample can be taken afterwards. */
  close: () => void;
}

type Tasks = Required<PressureSample>["threads"];

const COSTS =
  "0.05 ms per sample, and 0.01 ms for each process of the trial. At the end of a phase, with all threads: 0.3 ms for each process.";
const CANNOT_SEE =
  "The wait of a task that waits at this moment: the kernel adds it when the task runs again. Threads other than the main one, " +
  "except at the ends of phases. The time of a process that has ended since the last sample. Whether a wait did any harm.";

/** `processes` is called for each sample. `everyProcess` finds their descendants; a trial reads it for other observers, too. */
export function observePressure(
  processes: () => TrialProcesses,
  everyProcess: () => ProcessStat[] = readProcesses,
): PressureObserver {
  const origin = { pressureUs: processorPressureUs(), suspendedUs: suspendedUs(), time: processorTime() };
  const unseen = [
    ...(origin.pressureUs === null ? [PRESSURE_FILE] : []),
    ...(mainThreadRunTime(process.pid) === null ? ["/proc/PID/schedstat"] : []),
  ];
  /** The descendants of each process. They are looked up at the ends of phases only. */
  let families = new Map<number, number[]>();

  const tasks = (of: (pid: number) => RunTime | null, counted = of): Tasks => {
    const { programs, wires } = processes();
    const family = (root: number): RunTime | null => {
      const found = (families.get(root) ?? [root]).flatMap((pid) => (pid === root ? of : counted)(pid) ?? []);
      return found.length === 0 ? null : found.reduce(addRunTimes);
    };
    const trial = of(process.pid);
    const seen = [...programs].flatMap(([name, pid]): [ProgramName, RunTime][] => {
      const time = family(pid);
      return time === null ? [] : [[name, time]];
    });
    return {
      ...(trial !== null && { trial }),
      programs: Object.fromEntries(seen),
      wires: wires.map((pid) => (pid === undefined ? null : of(pid))),
    };
  };
  const mainThreads = new MainThreads();
  const look = (moment: Moment, lateness: Lateness): PressureSample => {
    const pressureUs = origin.pressureUs === null ? null : processorPressureUs();
    const main = tasks(
      (pid) => mainThreads.runTime(pid),
      (pid) => mainThreads.sinceFirst(pid),
    );
    mainThreads.forgetOthers();
    return {
      kind: "pressure",
      ...moment,
      ...(origin.pressureUs !== null &&
        pressureUs !== null && { someWaitedUs: Math.max(0, pressureUs - origin.pressureUs) }),
      suspendedUs: Math.max(0, suspendedUs() - origin.suspendedUs),
      ...lateness,
      ...main,
    };
  };
  return {
    name: "pressure",
    costs: COSTS,
    cannotSee: CANNOT_SEE,
    unseen,
    look,
    close: () => mainThreads.close(),
    lookAtAll: (moment, lateness) => {
      const { programs } = processes();
      const all = everyProcess();
      families = new Map(
        [...programs.values()].map((root) => [root, sortByLine(all, root).kin.map(({ pid }) => pid)]),
      );
      const time = processorTime();
      return {
        ...look(moment, lateness),
        threads: tasks(runTime),
        ...(origin.time !== null &&
          time !== null && { stolenUs: Math.max(0, time.stolenUs - origin.time.stolenUs) }),
      };
    },
  };
}
