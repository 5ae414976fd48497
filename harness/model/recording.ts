import type { Examined } from "./examined.ts";
import type { Sample } from "./sample.ts";
import type { HostName } from "./names.ts";
import type { Setup } from "./setup.ts";

/** Every line of this format has a seal (recording/seal.ts). Another change of the lines is another format: recording/upgrade.ts. */
export const RECORDING_FORMAT = "lastack-recording/3";

/** The first line of a recording. */
export interface Header {
  kind: "header";
  format: typeof RECORDING_FORMAT;
  /** The experiment and the variant of the setup. The trial stores them, but does not use them. */
  experiment: string;
  variant: string;
  setup: Setup;
  kernel: { release: string; machine: string };
  node: string;
  /** /proc/sys/kernel/random/boot_id. Recordings with the same boot id share a clock. */
  bootId: string;
  /** The trial's origin: whole microseconds on CLOCK_MONOTONIC. */
  originUs: number;
  /** The origin as wall clock time, ISO 8601, for readers. */
  startedAt: string;
  /** By host: the sysctls of the setup, read back after they were written, and other sysctls that explain outcomes. */
  sysctls: Record<HostName, Record<string, string>>;
  /** By host: its addresses. */
  addresses: Record<HostName, string[]>;
  /**
   * The files about processor use that this machine does not have. Without them, only the lateness of looks and loop turns shows that a
   * trial was starved. Absent in older recordings.
   */
  unseenPressure?: string[];
  /** Only in a recording of the doctor. Its trial was none: its setup only says which subjects there were, and what was observed. */
  examined?: Examined;
}

/** A header, and the samples in the order in which they were written. */
export interface Recording {
  header: Header;
  samples: Sample[];
  /** null when the last line is an end; otherwise one sentence that says how the recording was cut off. */
  cutOff: string | null;
  /** Whether its lines have seals, so that a change after the trial is noticed. Recordings of older versions have none. */
  sealed: boolean;
}
