import type { HostName, PhaseName } from "../model/names.ts";
import type { Setup } from "../model/setup.ts";
import type { StateCounts } from "../model/state.ts";

/** One trial, as it is ordered: a setup, and where its recording goes. The labels are carried, not read. */
export interface TrialOrder {
  experiment: string;
  variant: string;
  setup: Setup;
  /** Absolute path of the recording. */
  out: string;
  /** The folder that relative program paths start from. */
  baseDir: string;
  /** Stop after `drain`, say where to look, and wait for a release. */
  hold: boolean;
  /** Absolute path of a pcapng for what its wires carry; null when none is wanted. */
  pcap: string | null;
}

/** What a trial says while it runs, for whoever watches. */
export type TrialProgress =
  | { kind: "phase"; phase: PhaseName }
  | { kind: "seen"; host: HostName; states: StateCounts }
  /** What its main threads have had by now, those that are gone left out: on a processor, and ready without one. */
  | { kind: "used"; ranUs: number; waitedUs: number }
  /** Held at the symptom: the trial's process, as numbered inside the lab, and its descriptor of each host's namespace. */
  | { kind: "held"; trialPid: number; hosts: { host: HostName; fd: number }[] };

/** How a trial ended. `because` is one sentence, there when the reason is not `completed`. */
export interface TrialEnd {
  reason: "completed" | "interrupted" | "fault";
  because?: string;
}

/** To a trial. */
export type TrialCommand = { kind: "order"; order: TrialOrder } | { kind: "release" } | { kind: "stop" };

/** From a trial. */
export type TrialMessage = { kind: "progress"; progress: TrialProgress } | { kind: "end"; end: TrialEnd };

/** To the lab's first process, and back, with the trial's number. */
export interface InitCommand {
  trial: number;
  command: TrialCommand;
}

export type InitMessage = { kind: "up" } | { kind: "trial"; trial: number; message: TrialMessage };
