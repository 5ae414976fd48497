import { setTimeout } from "node:timers/promises";
import type { NetworkNamespace } from "../kernel/namespace.ts";
import { readBack } from "../lab/sysctl.ts";
import type { View } from "../model/expectation.ts";
import type { HostName } from "../model/names.ts";
import type { CountersSample, Moment } from "../model/sample.ts";
import { observeCounters } from "../observers/counters.ts";
import type { SavedEvidence } from "./saved/evidence.ts";
import { type Seen, Survey } from "./survey.ts";
import type { Subject } from "./subject.ts";

/** The time between two looks, unless a look takes longer. */
const EVERY_MS = 200;
/** All looks stay in memory until they are judged. A longer examination looks less often. */
const MOST_LOOKS = 240;
/** The looks may use this share of the time: the doctor should not load a machine that is in trouble. */
const MOST_BUSY = 0.25;
/** The model's limit on listed shared sockets. */
const MOST_SHARED = 20;

/** What was read in some seconds: a view for each subject, as an observer on a host of the laboratory has it. */
export interface Examination {
  seconds: number;
  looks: number;
  longestLookMs: number;
  patients: Patient[];
  /** The whole namespace: its counters, and the processes of all subjects. */
  whole: Patient;
  /** How many sockets of the last look some process holds that is not visible: another user's, or in another pid namespace. */
  unseenSockets: number;
  /** The processes whose descriptors could not be read in the last look: name and pid. */
  unread: { pid: number; name: string }[];
  /** The texts that were read instead of a live host. */
  saved?: SavedEvidence;
}

/** A subject, as the last look showed it, and all that was read of it. */
export interface Patient {
  subject: Subject;
  view: View;
  /** Every process that belonged to it in some look. */
  pids: ReadonlySet<number>;
  /**
   * Where there were few looks: the view with only what lasted between two of them, and the view in which the last one goes on. An outcome
   * that they do not share depends on what nobody saw.
   */
  others?: readonly View[];
  /** What is missing so that nothing can be confirmed: kinds of samples. */
  missing?: readonly string[];
}

/** Looks at a network namespace for some seconds, at least twice. An abort ends it after the current look. */
export async function examine(
  namespace: NetworkNamespace,
  { seconds, signal, onLook }: { seconds: number; signal?: AbortSignal; onLook?: () => void },
): Promise<Examination> {
  const survey = new Survey(namespace);
  const counters = observeCounters({ name: "here", namespace });
  const sysctls = readBack(namespace, []);
  const views = new Map<HostName, Examined>();
  const whole: Patient = {
    subject: { kind: "namespace", name: "here" },
    view: { host: "here", sysctls, samples: [] },
    pids: new Set(),
  };
  const everyMs = Math.max(EVERY_MS, (seconds * 1000) / MOST_LOOKS);
  const beganMs = performance.now();
  let [looks, longestLookMs] = [0, 0];
  try {
    for (;;) {
      const lookMs = performance.now();
      const moment: Moment = { atUs: Math.round((lookMs - beganMs) * 1000), phase: "load" };
      const seen = survey.look();
      const counted = counters.look(moment);
      add(views, seen, counted, sysctls);
      whole.view.samples.push(...processesAndCounters(seen, counted));
      looks += 1;
      onLook?.();
      const tookMs = performance.now() - lookMs;
      longestLookMs = Math.max(longestLookMs, tookMs);
      const isOver = performance.now() - beganMs >= seconds * 1000 || signal?.aborted === true;
      if (isOver && looks >= 2) break;
      const restMs = seconds * 1000 - (performance.now() - beganMs);
      const pauseMs = Math.max(everyMs - tookMs, tookMs / MOST_BUSY);
      // The last look is made when the time is over, so that the looks span all of it.
      await sleep(restMs > 0 ? Math.min(pauseMs, restMs) : pauseMs, signal);
    }
    const unread = survey.unread.map(({ pid, name }) => ({ pid, name }));
    const took = (performance.now() - beganMs) / 1000;
    const { unseenSockets } = survey;
    return {
      seconds: took,
      looks,
      longestLookMs,
      patients: [...views.values()],
      whole,
      unseenSockets,
      unread,
    };
  } finally {
    survey.close();
    counters.close();
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

interface Examined extends Patient {
  pids: Set<number>;
}

function processesAndCounters(seen: Seen[], counters: CountersSample): View["samples"] {
  const { atUs, phase, host } = counters;
  const processes = seen.flatMap((one) => one.processes);
  return [{ kind: "processes", atUs, phase, host, processes, shared: [], sharedCount: 0 }, counters];
}

/**
 * Adds a look to the views. The counters belong to the namespace, so every view has them. A subject that is missing in a later look has a
 * sample without sockets there: they are gone.
 */
function add(
  views: Map<HostName, Examined>,
  seen: Seen[],
  counters: CountersSample,
  sysctls: Record<string, string>,
): void {
  const { atUs, phase } = counters;
  const here = new Map(seen.map((one) => [one.subject.name, one]));
  for (const { subject } of seen) {
    if (!views.has(subject.name)) {
      const view = { host: subject.name, sysctls, samples: [] };
      views.set(subject.name, { subject, view, pids: new Set() });
    }
  }
  for (const [host, patient] of views) {
    const one = here.get(host);
    const at = { atUs, phase, host };
    if (one !== undefined) patient.subject = one.subject;
    if (one?.subject.kind === "family") for (const pid of one.subject.pids) patient.pids.add(pid);
    const { groups = [], listeners = [], processes = [], shared = [] } = one ?? {};
    const sharedCount = shared.length;
    patient.view.samples.push(
      { kind: "processes", ...at, processes, shared: shared.slice(0, MOST_SHARED), sharedCount },
      { kind: "listeners", ...at, listeners },
      { kind: "sockets", ...at, groups },
      { ...counters, host },
    );
  }
}
