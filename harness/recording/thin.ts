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

/** What a committed recording may weigh, in bytes: under 200 kB, with a little to spare. */
const REFERENCE_BYTES = 199_000;

type Look = SocketsSample | ListenersSample | CountersSample | ProcessesSample;

/** From what nobody misses to what one would rather keep. */
const STEPS: ((samples: Sample[]) => Sample[])[] = [
  (samples) => withoutRepeats(withExamples(withoutPressure(samples), 3)),
  (samples) => withExamples(samples, 1),
  (samples) => samples.filter((sample, nth) => sample.kind !== "counters" || isEdge(samples, nth)),
  halved,
  halved,
  halved,
];

/**
 * A recording made fit to be committed: what the machine had to give is left out, for it was judged before; then looks that saw the
 * same as those before and after them, then examples, then counters inside phases, then every second look, until it is small enough. The first and last look of
 * every phase stay, and those that saw the most of anything; so do all attempts, reports and programs. Whoever commits
 * it must judge both: the verdicts must be the same. Throws a RecordingError when it will not become small enough.
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
    `the recording of ${name} is ${bytes(thinned)} bytes at its thinnest and may be ${maxBytes}; ` +
      `${heaviest(thinned.samples)} samples weigh the most, so give its setup a smaller load`,
    name,
  );
}

function withoutPressure(samples: Sample[]): Sample[] {
  return samples.filter((sample) => sample.kind !== "pressure");
}

/** Of a run of alike looks at one host in one phase, only the first and the last. */
function withoutRepeats(samples: Sample[]): Sample[] {
  const essences = samples.map((sample) => (isLook(sample) ? essence(sample) : null));
  return samples.filter((_, nth) => {
    const before = neighbour(samples, nth, -1);
    const after = neighbour(samples, nth, 1);
    if (before === null || after === null) return true;
    return essences[before] !== essences[nth] || essences[after] !== essences[nth];
  });
}

/** What changes from look to look though nothing happens. */
const RESTLESS = new Set(["atUs", "examples", "rssBytes", "cpuMs"]);

/** What a look saw, and nothing restless. */
function essence(look: Look): string {
  return JSON.stringify(look, (key, value: unknown) => (RESTLESS.has(key) ? undefined : value));
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

/** Every second look of a kind at a host, but for those at a phase's edges and those that saw the most of something. */
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

/** For everything that is counted, the first look that saw the most of it. */
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

/** Where the look before or after lies: of the same kind, at the same host, in the same phase; null when there is none. */
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
