import type { Recording } from "../model/recording.ts";
import type { EndSample, FaultSample, PhaseSample, Sample } from "../model/sample.ts";
import type { HostName } from "../model/names.ts";

/** The hosts that were observed: all hosts in an ordinary trial, some of them in a trial with several recordings. */
function observedHosts({ header }: Recording): HostName[] {
  return Object.keys(header.addresses);
}

/** The setup's hosts that this recording does not cover. */
export function unobservedHosts({ header }: Recording): HostName[] {
  return Object.keys(header.setup.hosts).filter((host) => !(host in header.addresses));
}

/**
 * Groups recordings into trials: recordings of different hosts of one setup, at the same time and by the same clock, belong together. An
 * ordinary recording stays alone, and so does a part without its other parts. Trials are in the order of their first recordings.
 */
export function trialsOf(recordings: Recording[]): [Recording, ...Recording[]][] {
  const trials: [Recording, ...Recording[]][] = [];
  for (const recording of recordings) {
    const trial = trials.find((parts) => parts.every((part) => isOneTrial(part, recording)));
    if (trial === undefined) trials.push([recording]);
    else trial.push(recording);
  }
  return trials;
}

/** Two boots have two clocks. Two trials of one boot do not overlap. */
function isOneTrial(one: Recording, other: Recording): boolean {
  const [a, b] = [one.header, other.header];
  const hosts = observedHosts(one);
  return (
    a.bootId === b.bootId &&
    a.experiment === b.experiment &&
    a.variant === b.variant &&
    JSON.stringify(a.setup) === JSON.stringify(b.setup) &&
    !observedHosts(other).some((host) => hosts.includes(host)) &&
    a.originUs <= lastUs(other) &&
    b.originUs <= lastUs(one)
  );
}

/** The end of a recording in microseconds on CLOCK_MONOTONIC. */
function lastUs({ header, samples }: Recording): number {
  return header.originUs + samples.reduce((last, { atUs }) => Math.max(last, atUs), 0);
}

/**
 * The parts of one trial as one recording, on the time axis of the earliest. The phases occur once, and so does the end: the worst one.
 * Parts with different phases get a fault. A single recording is returned unchanged.
 */
export function onOneAxis(parts: [Recording, ...Recording[]]): Recording {
  const [first] = parts;
  if (parts.length === 1) return first;
  const earliest = parts.reduce((a, b) => (b.header.originUs < a.header.originUs ? b : a));
  const { originUs, startedAt } = earliest.header;
  const shifted = parts.map((part) => shift(part.samples, part.header.originUs - originUs));
  const samples = shifted
    .flatMap((all, nth) => all.filter((sample) => sample.kind !== "phase" || nth === 0))
    .filter((sample) => sample.kind !== "end")
    .filter(isFirstOfItsFaults)
    .toSorted((a, b) => a.atUs - b.atUs);
  const disagreement = shifted.every((all) => phasesOf(all) === phasesOf(shifted[0] ?? []))
    ? []
    : [faultAtEnd(samples, "the recordings of this trial have different phases")];
  return {
    header: {
      ...first.header,
      originUs,
      startedAt,
      sysctls: Object.assign({}, ...parts.map(({ header }) => header.sysctls)) as Record<HostName, never>,
      addresses: Object.assign({}, ...parts.map(({ header }) => header.addresses)) as Record<HostName, never>,
    },
    samples: [...samples, ...disagreement, ...worstEnd(shifted)],
    cutOff: cutOff(parts),
    sealed: parts.every(({ sealed }) => sealed),
  };
}

function shift(samples: Sample[], byUs: number): Sample[] {
  return samples.map((sample) => {
    const atUs = sample.atUs + byUs;
    return sample.kind === "packet" && sample.sentUs !== null
      ? { ...sample, atUs, sentUs: sample.sentUs + byUs }
      : { ...sample, atUs };
  });
}

/** Every part has the fault that ended the trial; it is kept once. */
function isFirstOfItsFaults(sample: Sample, nth: number, all: Sample[]): boolean {
  if (sample.kind !== "fault") return true;
  return all.findIndex((other) => other.kind === "fault" && other.because === sample.because) === nth;
}

function phasesOf(samples: Sample[]): string {
  return samples
    .filter((sample): sample is PhaseSample => sample.kind === "phase")
    .map(({ phase, event, met }) => `${phase} ${event} ${met}`)
    .join();
}

const REASONS = ["fault", "interrupted", "completed"] as const satisfies EndSample["reason"][];

/** The worst end of the parts; none if a part has no end. */
function worstEnd(parts: Sample[][]): EndSample[] {
  const ends = parts.map((samples) => samples.find((sample) => sample.kind === "end"));
  const told = ends.filter((end) => end !== undefined);
  const reason = REASONS.find((one) => told.some((end) => end.reason === one));
  if (told.length < parts.length || reason === undefined) return [];
  const last = parts.flat().reduce((a, b) => (b.atUs > a.atUs ? b : a));
  return [{ atUs: last.atUs, phase: last.phase, kind: "end", reason }];
}

function faultAtEnd(samples: Sample[], because: string): FaultSample {
  const last = samples.at(-1);
  return { atUs: last?.atUs ?? 0, phase: last?.phase ?? "setup", kind: "fault", because };
}

function cutOff(parts: Recording[]): string | null {
  const told = parts.flatMap((part) =>
    part.cutOff === null ? [] : [`that of ${observedHosts(part).join(" and ")}: ${part.cutOff}`],
  );
  return told.length === 0 ? null : told.join("; ");
}
