import { median as middleOf } from "../measure/median.ts";
import type { Estimate } from "../model/comparison.ts";

const RESAMPLES = 1000;
const SEED = 97;
/** How many of 100 resamples lie within the interval. */
const WITHIN = 95;

/**
 * A figure of several repetitions, with its bootstrap interval. A thousand times, the repetitions are drawn anew with replacement, and
 * the figure is computed from the draw. 95 of 100 of these figures lie in the interval. `of` receives the drawn repetitions, by number
 * from 0. The draws are the same every time. null when `of` gives no number. One repetition has no
 * interval.
 */
export function bootstrap(repetitions: number, of: (drawn: readonly number[]) => number): Estimate | null {
  const all = Array.from({ length: repetitions }, (_, nth) => nth);
  const median = of(all);
  if (repetitions === 0 || !Number.isFinite(median)) return null;
  if (repetitions === 1) return { median, low: null, high: null };
  const random = mulberry32(SEED);
  const figures: number[] = [];
  for (let nth = 0; nth < RESAMPLES; nth += 1) {
    const figure = of(all.map(() => Math.floor(random() * repetitions)));
    if (Number.isFinite(figure)) figures.push(figure);
  }
  figures.sort((a, b) => a - b);
  const tail = Math.floor((figures.length * (100 - WITHIN)) / 200);
  return { median, low: figures[tail] ?? median, high: figures[figures.length - 1 - tail] ?? median };
}

/** The median of a figure over the repetitions that have it, with its interval; null when fewer than half of them have it. */
export function middle(values: readonly (number | null)[]): Estimate | null {
  const known = values.filter((value) => value !== null);
  if (known.length * 2 < values.length) return null;
  return bootstrap(known.length, (drawn) => median(drawn.map((nth) => known[nth] ?? Number.NaN)));
}

/** The median of some numbers; NaN if there are none. */
export function median(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : middleOf(values);
}

/** Numbers from 0 to 1, the same for a seed: mulberry32, of 32 bits of state. Public domain, by Tommy Ettinger. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
