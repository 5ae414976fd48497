import type { View } from "../model/expectation.ts";
import type { HostName } from "../model/names.ts";
import type { CountersSample } from "../model/sample.ts";
import type { Subject } from "../model/subject.ts";
import { listedShared } from "../observers/processes/shared-sockets.ts";
import type { Seen } from "./survey.ts";

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

/** A subject with its samples so far, and when it and each of its processes was last there. */
interface Known {
  subject: Subject;
  samples: View["samples"];
  lastUs: number;
  pids: Map<number, number>;
}

/**
 * What looks showed, by subject. The counters belong to the namespace, so every view has them. A subject that is missing in a later look has
 * a sample without sockets there: they are gone.
 */
export class Patients {
  readonly #sysctls: Record<string, string>;
  readonly #known = new Map<HostName, Known>();
  /** The counters, and the processes of all subjects. */
  #whole: View["samples"] = [];
  /** Whether some looks are forgotten, so that the first one left is not at 0. */
  #isCut = false;

  constructor(sysctls: Record<string, string>) {
    this.#sysctls = sysctls;
  }

  /** Adds a look. */
  add(seen: Seen[], counters: CountersSample): void {
    const { atUs, phase } = counters;
    const here = new Map(seen.map((one) => [one.subject.name, one]));
    for (const { subject } of seen) {
      if (!this.#known.has(subject.name))
        this.#known.set(subject.name, { subject, samples: [], lastUs: atUs, pids: new Map() });
    }
    for (const [host, known] of this.#known) {
      const one = here.get(host);
      if (one !== undefined) {
        known.subject = one.subject;
        known.lastUs = atUs;
        if (one.subject.kind === "family") for (const pid of one.subject.pids) known.pids.set(pid, atUs);
      }
      known.samples.push(...samplesOfSubject(one, { atUs, phase, host }), { ...counters, host });
    }
    const processes = seen.flatMap((one) => one.processes);
    const here_ = { atUs, phase, host: counters.host };
    this.#whole.push({ kind: "processes", ...here_, processes, ...listedShared([]) }, counters);
  }

  /** Forgets the looks before a time, and the subjects and processes that were there only then. */
  forgetBefore(atUs: number): void {
    const isLeft = (sample: { atUs: number }): boolean => sample.atUs >= atUs;
    this.#isCut = true;
    this.#whole = this.#whole.filter(isLeft);
    for (const [host, known] of this.#known) {
      if (known.lastUs < atUs) this.#known.delete(host);
      known.samples = known.samples.filter(isLeft);
      for (const [pid, lastUs] of known.pids) if (lastUs < atUs) known.pids.delete(pid);
    }
  }

  /** Every subject, and the namespace as a whole. Times and counters begin with the first look that is not forgotten. */
  examined(): { patients: Patient[]; whole: Patient } {
    const since = this.#isCut ? sinceFirst(this.#whole) : (samples: View["samples"]) => samples;
    const viewOf = (host: HostName, samples: View["samples"]): View => ({
      host,
      sysctls: this.#sysctls,
      samples: since([...samples]),
    });
    return {
      patients: [...this.#known].map(([host, { subject, samples, pids }]) => ({
        subject,
        view: viewOf(host, samples),
        pids: new Set(pids.keys()),
      })),
      whole: {
        subject: { kind: "namespace", name: NAMESPACE },
        view: viewOf(NAMESPACE, this.#whole),
        pids: new Set(),
      },
    };
  }
}

/** The name of the whole namespace, as a host. */
export const NAMESPACE = "here";

function samplesOfSubject(
  seen: Seen | undefined,
  at: { atUs: number; phase: CountersSample["phase"]; host: HostName },
): View["samples"] {
  const { groups = [], listeners = [], processes = [], shared = [] } = seen ?? {};
  return [
    { kind: "processes", ...at, processes, ...listedShared(shared) },
    { kind: "listeners", ...at, listeners },
    { kind: "sockets", ...at, groups },
  ];
}

/** Samples as they would be if the first of these looks had been the first one of all. */
function sinceFirst(whole: View["samples"]): (samples: View["samples"]) => View["samples"] {
  const fromUs = whole[0]?.atUs ?? 0;
  const first = whole.find((sample) => sample.kind === "counters")?.deltas ?? {};
  // The views share the counters of a look.
  const known = new Map<CountersSample["deltas"], CountersSample["deltas"]>();
  const moved = (deltas: CountersSample["deltas"]): CountersSample["deltas"] => {
    const before = known.get(deltas);
    if (before !== undefined) return before;
    const names = [...new Set([...Object.keys(first), ...Object.keys(deltas)])];
    const pairs = names.map((name) => [name, (deltas[name] ?? 0) - (first[name] ?? 0)] as const);
    const made = Object.fromEntries(pairs.filter(([, delta]) => delta !== 0));
    known.set(deltas, made);
    return made;
  };
  return (samples) =>
    samples.map((sample) => {
      const atUs = sample.atUs - fromUs;
      return sample.kind === "counters"
        ? { ...sample, atUs, deltas: moved(sample.deltas) }
        : { ...sample, atUs };
    });
}
