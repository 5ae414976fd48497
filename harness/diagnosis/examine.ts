import { setTimeout } from "node:timers/promises";
import type { NetworkNamespace } from "../kernel/namespace.ts";
import { readBack } from "../lab/sysctl.ts";
import type { View } from "../model/expectation.ts";
import type { HostName } from "../model/names.ts";
import type { CountersSample, Moment } from "../model/sample.ts";
import { observeCounters } from "../observers/counters.ts";
import { type Seen, Survey } from "./survey.ts";
import type { Subject } from "./subject.ts";

/** The time between two looks, unless a look takes longer. */
const EVERY_MS = 250;
/** A look may use this share of the time: the doctor should not load a machine that is in trouble. */
const MOST_BUSY = 0.25;
/** The model's limit on listed shared sockets. */
const MOST_SHARED = 20;

/** What was read in some seconds: a view for each subject, as an observer on a host of the laboratory has it. */
export interface Examination {
  seconds: number;
  looks: number;
  longestLookMs: number;
  patients: Patient[];
  /** The processes whose descriptors could not be read in the last look: name and pid. */
  unread: { pid: number; name: string }[];
}

/** A subject, as the last look showed it, and all that was read of it. */
export interface Patient {
  subject: Subject;
  view: View;
}

/** Looks at a network namespace for some seconds, at least twice. An abort ends it after the current look. */
export async function examine(
  namespace: NetworkNamespace,
  { seconds, signal, onLook }: { seconds: number; signal?: AbortSignal; onLook?: () => void },
): Promise<Examination> {
  const survey = new Survey(namespace);
  const counters = observeCounters({ name: "here", namespace });
  const sysctls = readBack(namespace, []);
  const views = new Map<HostName, Patient>();
  const beganMs = performance.now();
  let [looks, longestLookMs] = [0, 0];
  try {
    for (;;) {
      const lookMs = performance.now();
      const moment: Moment = { atUs: Math.round((lookMs - beganMs) * 1000), phase: "load" };
      const seen = survey.look();
      add(views, seen, counters.look(moment), sysctls);
      looks += 1;
      onLook?.();
      const tookMs = performance.now() - lookMs;
      longestLookMs = Math.max(longestLookMs, tookMs);
      const isOver = performance.now() - beganMs >= seconds * 1000 || signal?.aborted === true;
      if (isOver && looks >= 2) break;
      await setTimeout(Math.max(EVERY_MS - tookMs, tookMs / MOST_BUSY));
    }
    const unread = survey.unread.map(({ pid, name }) => ({ pid, name }));
    const took = (performance.now() - beganMs) / 1000;
    return { seconds: took, looks, longestLookMs, patients: [...views.values()], unread };
  } finally {
    survey.close();
    counters.close();
  }
}

/**
 * Adds a look to the views. The counters belong to the namespace, so every view has them. A subject that is missing in a later look has a
 * sample without sockets there: they are gone.
 */
function add(
  views: Map<HostName, Patient>,
  seen: Seen[],
  counters: CountersSample,
  sysctls: Record<string, string>,
): void {
  const { atUs, phase } = counters;
  const here = new Map(seen.map((one) => [one.subject.name, one]));
  for (const { subject } of seen) {
    if (!views.has(subject.name)) {
      views.set(subject.name, { subject, view: { host: subject.name, sysctls, samples: [] } });
    }
  }
  for (const [host, patient] of views) {
    const one = here.get(host);
    const at = { atUs, phase, host };
    if (one !== undefined) patient.subject = one.subject;
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
