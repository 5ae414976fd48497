import { suspendedUs } from "../kernel/clock.ts";
import { PRESSURE_FILE, processorPressureUs, processorTime } from "../kernel/pressure.ts";
import { addRunTimes, mainThreadRunTime, type RunTime, runTime } from "../kernel/schedstat.ts";
import type { ProgramName } from "../model/names.ts";
import { MainThreads } from "./pressure/main-threads.ts";
import { sortByLine } from "./processes/kin.ts";
import { readProcesses } from "./processes/proc.ts";
import type { ProcessStat } from "./processes/stat.ts";
import type { Moment, PressureSample } from "../model/sample.ts";

/** The processes of a trial, besides the one that looks. A wire that is gone has no pid. */
export interface TrialProcesses {
  programs: ReadonlyMap<ProgramName, number>;
  wires: readonly (number | undefined)[];
}

/** How late looks and turns of the trial's loop were at most since the last look, in microseconds. */
export interface Lateness {
  lookLateUs: number;
  turnLateUs: number;
}

/** Looks at what a trial's processes had of the processors. Unlike the other observers it belongs to no host, and it always looks. */
export interface PressureObserver {
  name: string;
  costs: string;
  cannotSee: string;
  /** What this machine does not show, by file; of one that shows all, none. */
  unseen: string[];
  /** The main threads. */
  look: (moment: Moment, lateness: Lateness) => PressureSample;
  /** All threads besides, and who descends from the programs by now; it costs more. */
  lookAtAll: (moment: Moment, lateness: Lateness) => PressureSample;
  /** Gives back the descriptors. No look after it. */
  close: () => void;
}

type Tasks = Required<PressureSample>["threads"];

const COSTS =
  "0.05 ms a look, and 0.01 ms for each process of the trial; with all threads, at the ends of phases, 0.3 ms for each process.";
const CANNOT_SEE =
  "A task that waits at this moment: the kernel adds its wait when it runs again. Threads but the main one, between the ends of " +
  "phases. What a process had that is gone since the last look. Whether a wait did any harm.";

/** `processes` is asked at each look, and for who descends from them `everyProcess`, which a trial has read for other observers anyway. */
export function observePressure(
  processes: () => TrialProcesses,
  everyProcess: () => ProcessStat[] = readProcesses,
): PressureObserver {
  const origin = { pressureUs: processorPressureUs(), suspendedUs: suspendedUs(), time: processorTime() };
  const unseen = [
    ...(origin.pressureUs === null ? [PRESSURE_FILE] : []),
    ...(mainThreadRunTime(process.pid) === null ? ["/proc/PID/schedstat"] : []),
  ];
  /** Who descended from each process when that was last asked: between two ends of phases nobody asks again. */
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
