import { whereRead } from "../measure/unread.ts";
import type { View } from "../model/expectation.ts";
import type { FailureMode } from "../model/experiment.ts";
import type { Role } from "./asked.ts";
import type { Subject } from "../model/subject.ts";

/** A failure mode that a subject shows, and what was read of the subject. */
export interface Shown {
  mode: FailureMode;
  subject: Subject;
  role: Role;
  view: View;
}

/** The mode that explains another one on the same subject, and how. */
export interface Cause {
  mode: FailureMode;
  because: string;
}

/**
 * Puts causes before their consequences: a mode that another one explains on the same subject stands behind that one, with its cause. What
 * was asked about comes first. A mode that is declared to overlap with another one is the more general of the two, and comes after it; among
 * others, the symptom with more parts comes first.
 */
export function ranked<T extends Shown>(shown: readonly T[]): { one: T; cause: Cause | null }[] {
  const causes = new Map(shown.map((one) => [one, causeOf(one, shown)]));
  const ordered = new Set<T>();
  const add = (some: readonly T[]): void => {
    for (const one of bySpecificity(some)) {
      if (ordered.has(one)) continue;
      ordered.add(one);
      add(shown.filter((other) => causes.get(other)?.by === one));
    }
  };
  add(shown.filter((one) => causes.get(one) === null));
  // Modes that explain each other in a circle all have a cause.
  add(shown);
  const places = [...ordered];
  return places.map((one, nth) => {
    const cause = causes.get(one) ?? null;
    const isBehind = cause !== null && places.indexOf(cause.by) < nth;
    return { one, cause: isBehind ? { mode: cause.by.mode, because: cause.because } : null };
  });
}

/** What explains a mode: the mode on the same subject that nothing else explains, if there are several. */
function causeOf<T extends Shown>(one: T, shown: readonly T[]): { by: T; because: string } | null {
  const all = shown.flatMap((by) => {
    const because = by === one ? null : explanation(by, one);
    return because === null ? [] : [{ by, because }];
  });
  const isFirst = ({ by }: { by: T }): boolean => !all.some((other) => explanation(other.by, by) !== null);
  return all.find(isFirst) ?? all[0] ?? null;
}

/** How one mode explains another; null if it does not. */
function explanation(by: Shown, one: Shown): string | null {
  if (by.subject !== one.subject) return null;
  const { because, when } = by.mode.explains?.[one.mode.id] ?? {};
  const isSo = when === undefined || whereRead(() => when(one.view)) === true;
  return isSo ? (because ?? null) : null;
}

/** Takes, again and again, the first one that is not more general than another one that is left. */
function bySpecificity<T extends Shown>(shown: readonly T[]): T[] {
  const left = shown.toSorted(
    (a, b) =>
      Number(a.role !== "asked") - Number(b.role !== "asked") ||
      b.mode.symptom.length - a.mode.symptom.length,
  );
  const taken: T[] = [];
  while (left.length > 0) {
    const nth = left.findIndex((one) => !left.some((other) => isMoreGeneral(one, other)));
    taken.push(...left.splice(Math.max(nth, 0), 1));
  }
  return taken;
}

/** Whether a mode is declared to be seen where the other one is, and not the other way round. */
function isMoreGeneral(one: Shown, other: Shown): boolean {
  const overlaps = (a: Shown, b: Shown): boolean =>
    Object.keys(a.mode.overlaps).some((recording) => recording.startsWith(`${b.mode.id}/`));
  return one.subject === other.subject && overlaps(one, other) && !overlaps(other, one);
}
