import type { ProgramName } from "../model/names.ts";
import type { Recording } from "../model/recording.ts";
import type { PressureSample, TaskTime } from "../model/sample.ts";
import { samplesOf } from "./evidence.ts";

/**
 * The shortest wait for a processor that can decide a trial, in microseconds between two looks at the pressure, which are a tenth of a
 * second apart. docs/decisions/0018-starved.md has the distributions from which it was chosen.
 */
export const STARVED_US = 50_000;
/** How late a look, or a turn of the trial's event loop, may be. It is longer, because delays of the trial itself decide less. */
const LATE_US = 250_000;
/** The shortest suspension of the machine that counts: longer than it takes to read the clocks. */
const SUSPENDED_US = 10_000;

const ITSELF = "the trial itself";

/** A task that was ready to run and had no processor, and for how long of which time. */
export interface Starvation {
  /** A program, `the trial itself`, `wire 0`; or `the machine`, which was suspended. */
  who: string;
  /** `waited`: ready and without a processor; `late`: its turns were late, if the kernel reports no more; `suspended`. */
  how: "waited" | "late" | "suspended";
  waitedUs: number;
  ofUs: number;
  /** The longest wait between two looks. */
  longestUs: number;
}

/** The times of one task, look by look. */
interface Course {
  who: string;
  points: (TaskTime & { atUs: number })[];
}

/**
 * Whether a trial was starved: one of its programs (from when it was ready for use) or wires waited for a processor so long that this can
 * have decided the result, or the trial itself was late. Returns the worst case; null when there was none, or without pressure samples.
 */
export function starvation(recording: Recording): Starvation | null {
  const looks = samplesOf(recording, "pressure");
  const worst = courses(recording, looks)
    .map(waitOf)
    .filter(({ who, longestUs }) => who !== ITSELF && longestUs >= STARVED_US)
    .toSorted((a, b) => b.waitedUs - a.waitedUs)[0];
  return suspension(looks) ?? worst ?? lateness(looks);
}

/** All tasks of a trial with their waits, the longest first. The starts of programs are included. */
export function waits(recording: Recording): Starvation[] {
  const looks = samplesOf(recording, "pressure");
  return coursesFrom(looks, () => 0)
    .map(waitOf)
    .toSorted((a, b) => b.waitedUs - a.waitedUs);
}

function courses(recording: Recording, looks: PressureSample[]): Course[] {
  const usableUs = new Map<ProgramName, number>();
  for (const sample of recording.samples) {
    // A server is ready for use when it reports so, a client when it makes its first report.
    const isThere =
      sample.kind === "attempt" ||
      sample.kind === "report" ||
      (sample.kind === "program" && sample.event === "ready");
    if (isThere && !usableUs.has(sample.program)) usableUs.set(sample.program, sample.atUs);
  }
  return coursesFrom(looks, (program) => usableUs.get(program) ?? 0);
}

function coursesFrom(looks: PressureSample[], sinceUs: (program: ProgramName) => number): Course[] {
  const programs = [...new Set(looks.flatMap((look) => Object.keys(look.programs)))];
  const wires = Math.max(0, ...looks.map((look) => look.wires.length));
  const course = (who: string, of: (look: PressureSample) => TaskTime | null | undefined): Course => ({
    who,
    points: looks.flatMap((look) => {
      const time = of(look);
      return time === null || time === undefined ? [] : [{ ...time, atUs: look.atUs }];
    }),
  });
  return [
    course(ITSELF, (look) => look.trial),
    ...programs.map((name) => {
      const since = sinceUs(name);
      return course(name, (look) => (look.atUs >= since ? look.programs[name] : null));
    }),
    ...Array.from({ length: wires }, (_, nth) => course(`wire ${nth}`, (look) => look.wires[nth])),
  ];
}

function waitOf({ who, points }: Course): Starvation {
  let [waitedUs, longestUs] = [0, 0];
  for (const [nth, point] of points.entries()) {
    const before = points[nth - 1];
    if (before === undefined) continue;
    // The time is less than before if a program was started again, or if one of its processes is gone.
    const moreUs = Math.max(0, point.waitedUs - before.waitedUs);
    waitedUs += moreUs;
    longestUs = Math.max(longestUs, moreUs);
  }
  const ofUs = (points.at(-1)?.atUs ?? 0) - (points[0]?.atUs ?? 0);
  return { who, how: "waited", waitedUs, ofUs, longestUs };
}

function suspension(looks: PressureSample[]): Starvation | null {
  const suspendedUs = looks.at(-1)?.suspendedUs ?? 0;
  if (suspendedUs < SUSPENDED_US) return null;
  return {
    who: "the machine",
    how: "suspended",
    waitedUs: suspendedUs,
    ofUs: suspendedUs,
    longestUs: suspendedUs,
  };
}

function lateness(looks: PressureSample[]): Starvation | null {
  const late = looks.map(({ lookLateUs, turnLateUs }) => Math.max(lookLateUs, turnLateUs));
  const longestUs = Math.max(0, ...late);
  if (longestUs < LATE_US) return null;
  const waitedUs = late.reduce((sum, one) => sum + one, 0);
  const ofUs = (looks.at(-1)?.atUs ?? 0) - (looks[0]?.atUs ?? 0);
  return { who: ITSELF, how: "late", waitedUs, ofUs, longestUs };
}
