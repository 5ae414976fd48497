import { setTimeout } from "node:timers/promises";
import { suspendedUs, threadCpuMs } from "../kernel/clock.ts";
import type { NetworkNamespace } from "../kernel/namespace.ts";
import { mainThreadRunTime } from "../kernel/schedstat.ts";
import { askForShortSlices } from "../kernel/urgency.ts";
import { readBack } from "../lab/sysctl.ts";
import type { Asked, Looked } from "../model/examined.ts";
import type { CountersSample } from "../model/sample.ts";
import { observeCounters } from "../observers/counters.ts";
import type { Observer } from "../observers/observer.ts";
import { everyMs, lackOf, type LookTime, pauseMs } from "./pace.ts";
import { NAMESPACE, type Patient, Patients } from "./patients.ts";
import type { SavedEvidence } from "./saved/evidence.ts";
import { Survey } from "./survey.ts";

export type { Patient } from "./patients.ts";

/** A starved machine is looked at for at most so many times the time that was asked for, and at most so much longer. */
const LONGEST = 4;
const LONGER_MS = 30_000;
/** The time between two examinations of a watch. */
const JUDGED_EVERY_MS = 1000;

const EVERYBODY: Asked = { port: null, pid: null };

/** Sysctls that advice names, and that a recording of the laboratory has only where a setup sets them. */
export const KNOBS = [
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_migrate_req",
  "net.ipv4.tcp_mtu_probing",
];

/** What was read in some seconds: a view for each subject, as an observer on a host of the laboratory has it. */
export interface Examination extends Looked {
  patients: Patient[];
  /** The whole namespace: its counters, and the processes of all subjects. */
  whole: Patient;
  /** The texts that were read instead of a live host. */
  saved?: SavedEvidence;
}

/**
 * Looks at a network namespace for some seconds, at least twice. An abort ends it after the current look. `asked`: about whom somebody asks,
 * all by default. A starved machine is looked at for longer, until some seconds lack nothing: then these are what was read. If there are none, what
 * was read is all, with what it lacks.
 */
export async function examine(
  namespace: NetworkNamespace,
  {
    seconds,
    signal,
    onLook,
    asked = EVERYBODY,
  }: { seconds: number; signal?: AbortSignal; onLook?: () => void; asked?: Asked },
): Promise<Examination> {
  const every = everyMs(seconds);
  const looks = new Looks(namespace, { every, asked });
  const beganMs = performance.now();
  const mostMs = Math.min(seconds * 1000 * LONGEST, seconds * 1000 + LONGER_MS);
  try {
    for (;;) {
      const time = looks.look();
      onLook?.();
      const elapsedMs = performance.now() - beganMs;
      const isOver = elapsedMs >= mostMs || signal?.aborted === true;
      const isEnough = elapsedMs >= seconds * 1000 && !looks.lacks(seconds * 1000);
      if ((isOver || isEnough) && looks.times.length >= 2) {
        if (isEnough) looks.forgetAllBut(seconds * 1000);
        return looks.examination();
      }
      const restMs = seconds * 1000 - (performance.now() - beganMs);
      const pause = pauseMs(time, every);
      // The last look is made when the time is over, so that the looks span all of it.
      await sleep(restMs > 0 ? Math.min(pause, restMs) : pause, signal);
    }
  } finally {
    looks.close();
  }
}

/**
 * Looks at a network namespace until the signal comes. About once a second, it returns what was read in the last `seconds`; older looks are
 * forgotten. The last examination is that of the moment when the signal came, if the looks had spanned that time by then.
 */
export async function* watch(
  namespace: NetworkNamespace,
  { seconds, signal, asked = EVERYBODY }: { seconds: number; signal: AbortSignal; asked?: Asked },
): AsyncGenerator<Examination> {
  const every = everyMs(seconds);
  const looks = new Looks(namespace, { every, asked });
  let judgedMs = -Infinity;
  try {
    for (;;) {
      const time = looks.look();
      const isSpanned = looks.forgetAllBut(seconds * 1000);
      if (isSpanned && (time.beganMs - judgedMs >= JUDGED_EVERY_MS || signal.aborted)) {
        judgedMs = time.beganMs;
        yield looks.examination();
      }
      if (signal.aborted) return;
      await sleep(pauseMs(time, every), signal);
    }
  } finally {
    looks.close();
  }
}

/** Looks at a network namespace, one after another, and what they showed. */
class Looks {
  readonly #every: number;
  readonly #survey: Survey;
  readonly #counters: Observer<CountersSample>;
  readonly #patients: Patients;
  readonly #beganMs = performance.now();
  /** Of every look that is not forgotten. */
  times: LookTime[] = [];

  constructor(namespace: NetworkNamespace, { every, asked }: { every: number; asked: Asked }) {
    this.#every = every;
    // It gets no more of a processor, but gets it in time: on a busy machine few samples come late.
    askForShortSlices();
    this.#survey = new Survey(namespace, asked);
    this.#counters = observeCounters({ name: NAMESPACE, namespace });
    this.#patients = new Patients(readBack(namespace, KNOBS));
  }

  /** Makes a look. */
  look(): LookTime {
    const [beganMs, cpuBeforeMs] = [performance.now(), threadCpuMs()];
    const seen = this.#survey.look();
    this.#patients.add(seen, this.#counters.look({ atUs: this.#atUs(beganMs), phase: "load" }));
    const waitedUs = mainThreadRunTime(process.pid)?.waitedUs;
    const time = {
      beganMs,
      tookMs: performance.now() - beganMs,
      cpuBeforeMs,
      cpuMs: threadCpuMs() - cpuBeforeMs,
      waitedMs: waitedUs === undefined ? null : waitedUs / 1000,
      suspendedMs: suspendedUs() / 1000,
    };
    this.times.push(time);
    return time;
  }

  /** Whether the looks that span the last `ms` may have missed something. */
  lacks(ms: number): boolean {
    return lackOf(this.times.slice(Math.max(this.#firstWithin(ms), 0)), this.#every) !== null;
  }

  /** Forgets the looks that are not needed to span the last `ms`. Returns whether the looks span it. */
  forgetAllBut(ms: number): boolean {
    const nth = this.#firstWithin(ms);
    if (nth > 0) {
      this.times = this.times.slice(nth);
      this.#patients.forgetBefore(this.#atUs(this.times[0]?.beganMs ?? 0));
    }
    return nth >= 0;
  }

  /** The last look of those that began at least `ms` before the last one; -1 if none did. */
  #firstWithin(ms: number): number {
    const fromMs = (this.times.at(-1)?.beganMs ?? 0) - ms;
    return this.times.findLastIndex(({ beganMs }) => beganMs <= fromMs);
  }

  /** What the looks that are not forgotten showed. */
  examination(): Examination {
    const { times } = this;
    const [first, last] = [times[0], times.at(-1)];
    const tookMs = first && last ? last.beganMs + last.tookMs - first.beganMs : 0;
    return {
      seconds: tookMs / 1000,
      looks: times.length,
      longestLookMs: Math.max(0, ...times.map((one) => one.tookMs)),
      unseenSockets: this.#survey.unseenSockets,
      unread: this.#survey.unread.map(({ pid, name }) => ({ pid, name })),
      lack: lackOf(times, this.#every),
      ...this.#patients.examined(),
    };
  }

  close(): void {
    this.#survey.close();
    this.#counters.close();
  }

  #atUs(ms: number): number {
    return Math.round((ms - this.#beganMs) * 1000);
  }
}

/** Resolves after a time, or when the signal comes. */
async function sleep(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(ms, undefined, { signal });
  } catch {
    // Aborted.
  }
}
