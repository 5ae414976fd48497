import type { Sample } from "./sample.ts";
import type { HostName } from "./names.ts";
import type { Setup } from "./setup.ts";

export const RECORDING_FORMAT = "lastack-recording/2";

/** The first line of a recording. */
export interface Header {
  kind: "header";
  format: typeof RECORDING_FORMAT;
  /** Which experiment and variant the setup came from. The trial carries it and does not read it. */
  experiment: string;
  variant: string;
  setup: Setup;
  kernel: { release: string; machine: string };
  node: string;
  /** /proc/sys/kernel/random/boot_id: recordings with the same one share a clock. */
  bootId: string;
  /** The trial's origin: whole microseconds on CLOCK_MONOTONIC. */
  originUs: number;
  /** The origin by the wall clock, ISO 8601, for people. */
  startedAt: string;
  /** By host: each sysctl of the setup as read back after the writing, and those that explain outcomes. */
  sysctls: Record<HostName, Record<string, string>>;
  /** By host: its addresses. */
  addresses: Record<HostName, string[]>;
  /** What this machine does not show of its processors, by file: without it only how late looks and turns were tells that a trial was starved. Absent in older recordings. */
  unseenPressure?: string[];
}

/** A header and samples in the order they were written. `wholeness` says whether the file was read to its end. */
export interface Recording {
  header: Header;
  samples: Sample[];
  /** null when the last line is an end; otherwise how the recording was cut off, in one sentence. */
  cutOff: string | null;
}
