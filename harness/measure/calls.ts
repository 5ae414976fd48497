import type { Recording } from "../model/recording.ts";
import type { Moment } from "../model/sample.ts";
import type { HostName, ProgramName } from "../model/names.ts";
import { samplesOf } from "./evidence.ts";

/** A call that a program reported: of its own beginning when it sends something, of its return when it waits. */
export interface CallMade extends Moment {
  program: ProgramName;
  host: HostName | null;
  /** Without brackets, as in `recv` and `shutdown`, or with what was in them: `shutdown(SHUT_WR)`. */
  call: string;
  /** What it returned, or an errno's name; null while it is under way (`connect` is told twice). */
  result: number | string | null;
  /** How long a call that is told by its beginning took; null of the others, and in older recordings. */
  tookUs: number | null;
  localPort: number | null;
  remotePort: number | null;
  /** Of `recv`: how many bytes came, whatever ended it, and how many of them were not of this connection. */
  bytes: number | null;
  foreign: number | null;
}

/** Which calls are meant. What is absent is not asked. */
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

/** What the n-th of the calls that returned came to, from 0, or the last: a number, or an errno's name; null when there was none. */
export function resultOf(recording: Recording, which: Calls, nth: number | "last" = 0): string | null {
  const call = returnedCalls(recording, which).at(nth === "last" ? -1 : nth);
  return call === undefined ? null : String(call.result);
}

/** How many of the calls that returned are wanted; null when none returned. */
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
