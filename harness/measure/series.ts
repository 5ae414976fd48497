import type { Moment } from "../model/sample.ts";
import type { HostName, PhaseName } from "../model/names.ts";

/** A figure at a moment: whole microseconds since the trial's origin. */
export interface Point extends Moment {
  value: number;
}

/** A stretch of time between two points, both included, and the least and the greatest value in it. */
export interface Stretch {
  fromUs: number;
  toUs: number;
  min: number;
  max: number;
}

/** A figure over time, in the order in which it was sampled. Without points, every result is null, never 0. */
export class Series {
  readonly points: readonly Point[];

  constructor(points: readonly Point[]) {
    this.points = points;
  }

  get isEmpty(): boolean {
    return this.points.length === 0;
  }

  get first(): Point | null {
    return this.points[0] ?? null;
  }

  get last(): Point | null {
    return this.points.at(-1) ?? null;
  }

  /** The first of the points with the greatest value. */
  get peak(): Point | null {
    return this.points.reduce<Point | null>(
      (best, point) => (best === null || point.value > best.value ? point : best),
      null,
    );
  }

  /** The first of the points with the least value. */
  get trough(): Point | null {
    return this.points.reduce<Point | null>(
      (best, point) => (best === null || point.value < best.value ? point : best),
      null,
    );
  }

  /** The slope of the least-squares line, per second; null without two points at different times. */
  get slopePerSecond(): number | null {
    const n = this.points.length;
    const meanS = this.points.reduce((sum, point) => sum + point.atUs / 1e6, 0) / n;
    const mean = this.points.reduce((sum, point) => sum + point.value, 0) / n;
    const spread = this.points.reduce((sum, point) => sum + (point.atUs / 1e6 - meanS) ** 2, 0);
    if (!(spread > 0)) return null;
    return (
      this.points.reduce((sum, point) => sum + (point.atUs / 1e6 - meanS) * (point.value - mean), 0) / spread
    );
  }

  /** The points of one phase of the trial. */
  during(phase: PhaseName | "setup"): Series {
    return new Series(this.points.filter((point) => point.phase === phase));
  }

  /** The points from one moment to another, both included. */
  window(fromUs: number, toUs: number): Series {
    return new Series(this.points.filter((point) => point.atUs >= fromUs && point.atUs <= toUs));
  }

  /** The longest stretch of neighbouring points with values that all hold, the earliest if several are equal; null if no value holds. */
  longest(holds: (value: number) => boolean): Stretch | null {
    const runs: Point[][] = [];
    let run: Point[] = [];
    for (const point of this.points) {
      if (!holds(point.value)) run = [];
      else if (run.push(point) === 1) runs.push(run);
    }
    return runs
      .map((points) => new Series(points).#whole())
      .reduce<Stretch | null>(
        (best, one) => (lengthUs(one) > (best === null ? -1 : lengthUs(best)) ? one : best),
        null,
      );
  }

  #whole(): Stretch {
    const { first, last, trough, peak } = this;
    return {
      fromUs: first?.atUs ?? 0,
      toUs: last?.atUs ?? 0,
      min: trough?.value ?? 0,
      max: peak?.value ?? 0,
    };
  }
}

/** How long a stretch lasts, in microseconds. A stretch of one point lasts 0. */
export function lengthUs(stretch: Stretch): number {
  return stretch.toUs - stretch.fromUs;
}

/**
 * A figure of hosts over time, with a point for each sample. With samples of several hosts, each point is the sum of the latest figure of
 * each host. The series begins when every host has a sample. Samples at the same moment make one point.
 */
export function seriesOfHosts<S extends Moment & { host: HostName }>(
  samples: S[],
  figure: (sample: S) => number,
): Series {
  const seen = new Map<HostName, number>();
  const all = new Set(samples.map((sample) => sample.host)).size;
  const points: Point[] = [];
  for (const sample of samples) {
    seen.set(sample.host, figure(sample));
    if (seen.size < all) continue;
    if (points.at(-1)?.atUs === sample.atUs) points.pop();
    const value = [...seen.values()].reduce((sum, one) => sum + one, 0);
    points.push({ atUs: sample.atUs, phase: sample.phase, value });
  }
  return new Series(points);
}
