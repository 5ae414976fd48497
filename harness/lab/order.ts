import type { HostName, PhaseName, ProgramName } from "../model/names.ts";
import type { Setup } from "../model/setup.ts";
import type { StateCounts } from "../model/state.ts";

/** The order for one trial: a setup, and where its recording goes. `experiment` and `variant` are only labels for the recording. */
export interface TrialOrder {
  experiment: string;
  variant: string;
  setup: Setup;
  /** Absolute path of the recording. */
  out: string;
  /** The folder that relative program paths start from. */
  baseDir: string;
  /** Where foreign programs run, and what is in their environment. It is not recorded. Absent: the setup has none. */
  user?: UserPlace;
  /** Stop after `drain`, report the hosts' namespaces, and wait for a release. */
  hold: boolean;
  /** Absolute path of the pcapng file for the packets of its wires; null when none is wanted. */
  pcap: string | null;
}

/** The working folder (an absolute path) and the environment of the user's shell. */
export interface UserPlace {
  folder: string;
  environment: Record<string, string>;
  /** The foreign program that writes to the user's own output, in a lab that was opened with it. What the others print is kept. */
  writesToUser?: ProgramName;
}

/** The descriptors of the user's standard output and standard error in the lab's first process and in trials: 3 is the IPC channel. */
export const USERS_OUTPUT = { stdout: 4, stderr: 5 } as const;

/** The lab's first process gets this word when it has these descriptors. */
export const WITH_OUTPUT = "--output";

/** What a trial reports while it runs. */
export type TrialProgress =
  | { kind: "phase"; phase: PhaseName }
  | { kind: "seen"; host: HostName; states: StateCounts }
  /** Processor time so far of the main threads that still exist, and how long they were ready to run without a processor. */
  | { kind: "used"; ranUs: number; waitedUs: number }
  /** Held at the end of a phase: the trial's pid inside the lab, and its descriptor of each host's namespace. */
  | { kind: "held"; phase: PhaseName; trialPid: number; hosts: { host: HostName; fd: number }[] };

/** How a trial ended. `because` is one sentence; it is present when the reason is not `completed`. */
export interface TrialEnd {
  reason: "completed" | "interrupted" | "fault";
  because?: string;
}

/** A message to a trial. */
export type TrialCommand = { kind: "order"; order: TrialOrder } | { kind: "release" } | { kind: "stop" };

/** A message from a trial. */
export type TrialMessage = { kind: "progress"; progress: TrialProgress } | { kind: "end"; end: TrialEnd };

/** A message to the lab's first process, with the trial's number. InitMessage is a message back. */
export interface InitCommand {
  trial: number;
  command: TrialCommand;
}

export type InitMessage = { kind: "up" } | { kind: "trial"; trial: number; message: TrialMessage };
