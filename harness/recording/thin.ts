import type { Recording } from "../model/recording.ts";
import type {
  CountersSample,
  ListenersSample,
  ProcessesSample,
  Sample,
  SocketsSample,
} from "../model/sample.ts";
import { recordingText } from "./line.ts";
import { RecordingError } from "./recording-error.ts";

/** The largest size of a committed recording, in bytes: a little less than 200 kB. */
const REFERENCE_BYTES = 199_000;

type Look = SocketsSample | ListenersSample | CountersSample | ProcessesSample;

/** The steps of thinning, from the least useful samples to more useful ones. */
const STEPS: ((samples: Sample[]) => Sample[])[] = [
  (samples) => withoutRepeats(withExamples(withoutPressure(samples), 3)),
  (samples) => withExamples(samples, 1),
  (samples) => samples.filter((sample, nth) => sample.kind !== "counters" || isEdge(samples, nth)),
  halved,
  halved,
  halved,
];

/**
 * Makes a recording small enough to be committed. It removes, until the size is small enough: pressure samples (they were judged before)
 * and looks that are equal to the looks before and after them; then examples; then counters inside phases; then every second look. The
 * first and last look of every phase stay, and so do the looks with the highest figures and all attempts, reports and programs. Judge the
 * recording before and after: the verdicts must be the same. Throws a RecordingError when the recording does not become small enough.
 */
export function thin(recording: Recording, maxBytes: number = REFERENCE_BYTES): Recording {
  let thinned = recording;
  for (const step of STEPS) {
    thinned = { ...thinned, samples: step(thinned.samples) };
    if (bytes(thinned) <= maxBytes) return thinned;
  }
  const { experiment, variant } = recording.header;
  const name = `${experiment}/${variant}`;
  throw new RecordingError(
    `the recording of ${name} still has ${bytes(thinned)} bytes after thinning, and the limit is ${maxBytes}; ` +
      `most of them are ${heaviest(thinned.samples)} samples, so give its setup a smaller load`,
    name,
  );
}

function withoutPressure(samples: Sample[]): Sample[] {
  return samples.filter((sample) => sample.kind !== "pressure");
}

/** Keeps only the first and the last of a series of equal looks at one host in one phase. */
function withoutRepeats(samples: Sample[]): Sample[] {
  const essences = samples.map((sample) => (isLook(sample) ? essence(sample) : null));
  return samples.filter((_, nth) => {
    const before = neighbour(samples, nth, -1);
    const after = neighbour(samples, nth, 1);
    if (before === null || after === null) return true;
    return essences[before] !== essences[nth] || essences[after] !== essences[nth];
  });
}

/** Keys that change from look to look even when nothing happens. */
const RESTLESS = new Set(["atUs", "examples", "rssBytes", "cpuMs", "kernelMs", "ageMs"]);

/** The states of a process that alternate even when nothing happens: it runs, or it sleeps. */
const RUNS_OR_SLEEPS = new Set<unknown>(["R", "S", "D", "I"]);

/** The content of a look, without the keys in RESTLESS, and without whether a process runs at this moment. */
function essence(look: Look): string {
  return JSON.stringify(look, (key, value: unknown) =>
    RESTLESS.has(key) || (key === "state" && RUNS_OR_SLEEPS.has(value)) ? undefined : value,
  );
}

function withExamples(samples: Sample[], most: number): Sample[] {
  return samples.map((sample) =>
    sample.kind === "sockets"
      ? {
          ...sample,
          groups: sample.groups.map((group) => ({ ...group, examples: group.examples.slice(0, most) })),
        }
      : sample,
  );
}

/** Removes every second look of a kind at a host, but no first or last look of a phase and no look with a highest figure. */
function halved(samples: Sample[]): Sample[] {
  const peaks = peakLooks(samples);
  const seen = new Map<string, number>();
  return samples.filter((sample, nth) => {
    if (!isLook(sample) || isEdge(samples, nth) || peaks.has(sample)) return true;
    const key = `${sample.kind} ${sample.host}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
    return (seen.get(key) ?? 0) % 2 === 0;
  });
}

/** For each figure, the first look at which it was highest. */
function peakLooks(samples: Sample[]): Set<Sample> {
  const peaks = new Map<string, { value: number; look: Sample }>();
  for (const look of samples.filter(isLook)) {
    for (const [name, value] of figures(look)) {
      const key = `${look.kind} ${look.host} ${name}`;
      if (value > (peaks.get(key)?.value ?? Number.NEGATIVE_INFINITY)) peaks.set(key, { value, look });
    }
  }
  return new Set([...peaks.values()].map(({ look }) => look));
}

function figures(look: Look): [name: string, value: number][] {
  switch (look.kind) {
    case "sockets":
      return look.groups.map((group) => [JSON.stringify({ ...group, count: 0, examples: [] }), group.count]);
    case "listeners":
      return look.listeners.map(({ port, queue, backlog }) => [String(port), queue - backlog]);
    case "processes":
      return [
        ["shared", look.sharedCount],
        ...look.processes.map((row): [string, number] => [row.program, row.descriptors]),
      ];
    case "counters":
      return [];
  }
}

/** Whether a look is the first or last of its kind at its host in its phase. */
function isEdge(samples: Sample[], nth: number): boolean {
  return neighbour(samples, nth, -1) === null || neighbour(samples, nth, 1) === null;
}

/** The index of the previous or next look of the same kind, at the same host, in the same phase; null when there is none. */
function neighbour(samples: Sample[], nth: number, step: 1 | -1): number | null {
  const look = samples[nth];
  if (look === undefined || !isLook(look)) return null;
  for (let other = nth + step; other >= 0 && other < samples.length; other += step) {
    const sample = samples[other];
    if (sample?.kind !== look.kind || sample.host !== look.host) continue;
    return sample.phase === look.phase ? other : null;
  }
  return null;
}

function isLook(sample: Sample): sample is Look {
  return "host" in sample;
}

function bytes(recording: Recording): number {
  return Buffer.byteLength(recordingText(recording));
}

function heaviest(samples: Sample[]): string {
  const weights = new Map<string, number>();
  for (const sample of samples) {
    weights.set(sample.kind, (weights.get(sample.kind) ?? 0) + JSON.stringify(sample).length);
  }
  return [...weights].toSorted(([, a], [, b]) => b - a)[0]?.[0] ?? "no";
}
