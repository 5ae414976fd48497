import { samplesOf } from "../measure/evidence.ts";
import type { HostName, ProgramName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import type { ProcessesSample } from "../model/sample.ts";
import type { EndedProgram } from "./attribution.ts";
import { indexFrom } from "./rows.ts";

/** A process's sockets are closed before its parent learns of its end; the parent is told of it up to this time later, if it is busy. */
const TOLD_WITHIN_US = 250_000;
/** The wire's clock and the trial's own can disagree on two things at once by this much. */
const CLOCKS_US = 10_000;

/** The end of a program, near a moment. */
export interface EndNear extends EndedProgram {
  /** How long after the moment its end was seen. */
  laterUs: number;
  /** Whether the signal was sent before the moment, so that the program could do nothing any more. */
  afterSignal: boolean;
}

interface ProgramEnd extends EndedProgram {
  host: HostName;
  atUs: number;
  /** When it was sent the signal that ended it, as far as the trial sent it. */
  signalledUs: number | null;
}

/** How the programs of a trial ended, and what processes held. */
export class Ends {
  readonly #ends: ProgramEnd[];
  readonly #looks = new Map<HostName, ProcessesSample[]>();
  /** The program of each process that was seen. */
  readonly #programs = new Map<number, ProgramName>();

  constructor(recording: Recording) {
    this.#ends = endsOf(recording);
    for (const look of samplesOf(recording, "processes")) {
      const looks = this.#looks.get(look.host);
      if (looks === undefined) this.#looks.set(look.host, [look]);
      else looks.push(look);
      for (const { pid, program } of look.processes) this.#programs.set(pid, program);
    }
    for (const { pid, program } of samplesOf(recording, "program")) {
      if (pid !== null) this.#programs.set(pid, program);
    }
  }

  /** The end of a program that held a socket, if it can have closed the socket at that moment. Without pids, any program of the host. */
  near(host: HostName, pids: readonly number[], us: number): EndNear | null {
    const programs = new Set(pids.flatMap((pid) => this.#programs.get(pid) ?? []));
    const fits = this.#ends.filter((end) => {
      const fromUs = end.signalledUs === null ? end.atUs - TOLD_WITHIN_US : end.signalledUs - CLOCKS_US;
      const isOwner = end.host === host && (pids.length === 0 || programs.has(end.program));
      return isOwner && us >= fromUs && us <= end.atUs + CLOCKS_US;
    });
    // Without pids, several programs of the host can have ended.
    const [end] = fits;
    if (end === undefined || new Set(fits.map(({ program }) => program)).size > 1) return null;
    const { program, signal, code } = end;
    return { program, signal, code, laterUs: end.atUs - us, afterSignal: end.signalledUs !== null };
  }

  /** The last look at the processes of a host that is not after a moment. */
  lookBefore(host: HostName, us: number): ProcessesSample | null {
    return this.looksBefore(host, us, 1)[0] ?? null;
  }

  /** So many of the last looks at the processes of a host that are not after a moment, the last one first. */
  looksBefore(host: HostName, us: number, count: number): ProcessesSample[] {
    const looks = this.#looks.get(host) ?? [];
    const until = indexFrom(looks, us + 1);
    return looks.slice(Math.max(0, until - count), until).toReversed();
  }

  /** The first look at the processes of a host that is not before a moment. */
  lookAfter(host: HostName, us: number): ProcessesSample | null {
    const looks = this.#looks.get(host) ?? [];
    return looks[indexFrom(looks, us)] ?? null;
  }
}

/** When the last phase before `end` was over, and the programs are ended; null when it was not over. */
export function loadOver({ header, samples }: Recording): number | null {
  const last = header.setup.phases.findLast(({ name }) => name !== "end")?.name;
  return (
    samples.find((one) => one.kind === "phase" && one.event === "end" && one.phase === last)?.atUs ?? null
  );
}

function endsOf(recording: Recording): ProgramEnd[] {
  const { programs, interventions } = recording.header.setup;
  const over = loadOver(recording);
  const done = samplesOf(recording, "intervention").filter((one) => one.done);
  return samplesOf(recording, "program").flatMap(({ event, program, atUs, signal = null, code = null }) => {
    const host = programs[program]?.host;
    if (event !== "exited" || host === undefined) return [];
    const sent = done.findLast(({ name, atUs: doneUs }) => {
      const action = interventions.find((one) => one.name === name)?.do;
      const isSignal = action !== undefined && "signal" in action;
      return isSignal && action.program === program && action.signal === signal && doneUs <= atUs + CLOCKS_US;
    });
    // When the last phase is over, the trial ends whatever still runs.
    const endedUs = over !== null && atUs >= over && signal === "SIGTERM" ? over : null;
    const signalledUs = signal === null ? null : (sent?.atUs ?? endedUs);
    return [{ program, host, atUs, signal, code, signalledUs }];
  });
}
