import type { Diagnosed, Diagnosis } from "./diagnose.ts";
import type { Examination } from "./examine.ts";

/**
 * How long a finding must not be seen before it is gone, in milliseconds. A queue that overflows every few seconds shows its symptom every few
 * seconds, and would come and go each time.
 */
const CALM_MS = 5000;

/** Something that a watch tells. Times are in milliseconds, on the clock of the watch. */
export type Change =
  /** `one` is a finding of this diagnosis. */
  | { event: "found"; one: Diagnosed }
  /** `one` is the finding as it was when it was found; it was seen for so long. */
  | { event: "gone"; one: Diagnosed; seenMs: number }
  | { event: "starved"; because: string }
  | { event: "in time" };

interface Standing {
  one: Diagnosed;
  fromMs: number;
  seenMs: number;
  /** When it was last seen, or could not be judged. */
  openMs: number;
}

/** The findings of a watch, from one diagnosis to the next one. */
export class Changes {
  readonly #calmMs: number;
  readonly #standing = new Map<string, Standing>();
  #lackedMs: number | null = null;

  /** `windowMs`: the time that each diagnosis is about. */
  constructor(windowMs: number) {
    this.#calmMs = Math.max(CALM_MS, windowMs);
  }

  /** What stands now: as it was found, and for how long it has been seen. */
  standing(): { one: Diagnosed; seenMs: number }[] {
    return [...this.#standing.values()].map(({ one, fromMs, seenMs }) => ({ one, seenMs: seenMs - fromMs }));
  }

  /** Takes the next diagnosis. A finding that cannot be judged now is not gone. */
  next(diagnosis: Diagnosis, { lack }: Pick<Examination, "lack">, atMs: number): Change[] {
    const changes: Change[] = this.#lacks(lack, atMs);
    for (const one of diagnosis.found) {
      const key = keyOf(one);
      const known = this.#standing.get(key);
      if (known === undefined) changes.push({ event: "found", one });
      const { one: first, fromMs } = known ?? { one, fromMs: atMs };
      this.#standing.set(key, { one: first, fromMs, seenMs: atMs, openMs: atMs });
    }
    const open = new Set(diagnosis.undecided.map(keyOf));
    for (const [key, standing] of this.#standing) {
      if (open.has(key) || lack !== null) standing.openMs = atMs;
      if (atMs - standing.openMs < this.#calmMs) continue;
      this.#standing.delete(key);
      changes.push({ event: "gone", one: standing.one, seenMs: standing.seenMs - standing.fromMs });
    }
    return changes;
  }

  #lacks(lack: string | null, atMs: number): Change[] {
    if (lack === null) {
      if (this.#lackedMs === null || atMs - this.#lackedMs < this.#calmMs) return [];
      this.#lackedMs = null;
      return [{ event: "in time" }];
    }
    const isNew = this.#lackedMs === null;
    this.#lackedMs = atMs;
    return isNew ? [{ event: "starved", because: lack }] : [];
  }
}

function keyOf({ mode, subject }: Pick<Diagnosed, "mode" | "subject">): string {
  return `${mode.id} ${subject.name}`;
}
