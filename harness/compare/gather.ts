import { samplesOf } from "../measure/evidence.ts";
import type { Arm, ComparisonPlan, Contrast } from "../model/comparison.ts";
import type { Recording } from "../model/recording.ts";
import { armId } from "./arm.ts";
import { armOf, contrastOf, type Repetition } from "./figures.ts";
import type { Missing } from "./missing.ts";
import { clientHost, serverOf, WARMING } from "./setup.ts";
import { areSideBySide } from "./turns.ts";
import { noTurn, turnOf, windowOf } from "./turn.ts";

/** One repetition at one round-trip time, as it was recorded. */
export interface Trial {
  rttMs: number;
  repetition: number;
  recording: Recording;
}

/** The figures of the arms, read from recordings, and the repetitions that are left out. */
export interface Gathered {
  arms: Arm[];
  contrasts: Contrast[];
  missing: Missing[];
}

/** Reads the figures of all arms from the recordings of their repetitions. A repetition with a fault is left out. */
export function gather(plan: ComparisonPlan, trials: readonly Trial[]): Gathered {
  const arms: Arm[] = [];
  const contrasts: Contrast[] = [];
  const missing: Missing[] = [];
  for (const rttMs of plan.rttsMs) {
    const repetitions: Repetition[] = [];
    for (const trial of trials.filter((one) => one.rttMs === rttMs)) {
      const read = readRepetition(plan, trial);
      if ("fault" in read) missing.push({ rttMs, because: read.fault });
      else repetitions.push(read.repetition);
    }
    const some = figuresOf(plan, rttMs, repetitions);
    arms.push(...some.arms);
    contrasts.push(...some.contrasts);
  }
  return { arms, contrasts, missing };
}

/** The figures of repetitions at one round-trip time. `unseen` says for each arm why some of its figures are null. */
export function figuresOf(
  plan: ComparisonPlan,
  rttMs: number | null,
  repetitions: readonly Repetition[],
  unseen: Record<string, Record<string, string>> = {},
): Omit<Gathered, "missing"> {
  if (repetitions.length === 0) return { arms: [], contrasts: [] };
  const arms = plan.arms.map((requestsEach) => {
    const id = armId(requestsEach);
    return armOf(
      plan,
      requestsEach,
      rttMs,
      repetitions.flatMap((one) => one[id] ?? []),
      unseen[id],
    );
  });
  const contrast = contrastOf(plan, rttMs, repetitions);
  return { arms, contrasts: contrast === null ? [] : [contrast] };
}

/** The arms' figures in one repetition, or what is wrong with it, in one sentence. */
export function readRepetition(
  plan: Pick<ComparisonPlan, "arms" | "tls">,
  { rttMs, recording }: Trial,
): { repetition: Repetition } | { fault: string } {
  const fault =
    samplesOf(recording, "fault")[0]?.because ?? recording.cutOff ?? overlap(plan, rttMs, recording);
  if (fault !== null) return { fault };
  const repetition: Repetition = {};
  for (const requestsEach of plan.arms) {
    const turn = turnOf(recording, requestsEach, serverOf(plan, rttMs, requestsEach));
    if (turn === null) return { fault: noTurn(recording, requestsEach) };
    repetition[armId(requestsEach)] = turn;
  }
  return { repetition };
}

/**
 * Names two programs that ran at the same time: neither had the machine to itself, so the repetition does not count. null when each
 * had its turn, or when the arms are planned to run side by side.
 */
function overlap(
  plan: Pick<ComparisonPlan, "arms" | "tls">,
  rttMs: number,
  recording: Recording,
): string | null {
  if (areSideBySide(plan, rttMs)) return null;
  const windows = [...WARMING.map(({ program }) => program), ...plan.arms.map(clientHost)]
    .flatMap((program) => {
      const window = windowOf(recording, program);
      return window === null ? [] : [{ program, ...window }];
    })
    .toSorted((a, b) => a.fromUs - b.fromUs);
  for (const [nth, { program, fromUs }] of windows.entries()) {
    const before = windows.slice(0, nth).find(({ toUs }) => toUs > fromUs);
    // The programs that warm up the server run together on purpose.
    if (before === undefined || WARMING.some((one) => one.program === program)) continue;
    return `${before.program} and ${program} ran at the same time`;
  }
  return null;
}
