import type { Recording } from "../model/recording.ts";
import type { Moment } from "../model/sample.ts";
import type { HostName, ProgramName } from "../model/names.ts";
import { samplesOf } from "./evidence.ts";

/** A call that a program reported: at its beginning if the call sends something, at its return if it waits. */
export interface CallMade extends Moment {
  program: ProgramName;
  host: HostName | null;
  /** Without arguments, as `recv` and `shutdown`, or with them: `shutdown(SHUT_WR)`. */
  call: string;
  /** What the call returned, or the name of an errno; null while it is under way (`connect` is reported twice). */
  result: number | string | null;
  /** How long a call took that is reported at its beginning; null for other calls, and in older recordings. */
  tookUs: number | null;
  localPort: number | null;
  remotePort: number | null;
  /** For `recv`: how many bytes it read, whatever ended it, and how many of them belong to another connection. */
  bytes: number | null;
  foreign: number | null;
}

/** Selects calls. An absent field selects all. */
export interface Calls {
  program?: ProgramName;
  call?: string;
  phase?: Moment["phase"];
  remotePort?: number;
}

/** The calls that programs reported (samples of kind `report` whose own kind is `call`), in the order of their times. */
export function calls(recording: Recording, which: Calls = {}): CallMade[] {
  const { programs } = recording.header.setup;
  return samplesOf(recording, "report")
    .filter(({ report }) => report["kind"] === "call")
    .map(({ atUs, phase, program, report }) => ({
      atUs,
      phase,
      program,
      host: programs[program]?.host ?? null,
      call: typeof report["call"] === "string" ? report["call"] : "call",
      result: typeof report["result"] === "boolean" ? null : (report["result"] ?? null),
      tookUs: figure(report["tookUs"]),
      localPort: figure(report["localPort"]),
      remotePort: figure(report["remotePort"]),
      bytes: figure(report["bytes"]),
      foreign: figure(report["foreign"]),
    }))
    .filter(
      ({ program, call, phase, remotePort }) =>
        (which.program === undefined || program === which.program) &&
        (which.call === undefined || call === which.call) &&
        (which.phase === undefined || phase === which.phase) &&
        (which.remotePort === undefined || remotePort === which.remotePort),
    )
    .toSorted((a, b) => a.atUs - b.atUs);
}

/** Those of the calls that returned. */
export function returnedCalls(recording: Recording, which: Calls = {}): CallMade[] {
  return calls(recording, which).filter(({ result }) => result !== null);
}

/** The result of the n-th call that returned (from 0), or of the last: a number, or the name of an errno; null if there was none. */
export function resultOf(recording: Recording, which: Calls, nth: number | "last" = 0): string | null {
  const call = returnedCalls(recording, which).at(nth === "last" ? -1 : nth);
  return call === undefined ? null : String(call.result);
}

/** How many of the calls that returned meet a condition; null when none returned. */
export function countReturned(
  recording: Recording,
  which: Calls,
  wanted: (call: CallMade) => boolean,
): number | null {
  const made = returnedCalls(recording, which);
  return made.length === 0 ? null : made.filter(wanted).length;
}

function figure(value: unknown): number | null {
  return typeof value === "number" ? value : null;
}
