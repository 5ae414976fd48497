/** Things that are alike: how many, and which counters each of them can have moved. */
export interface Alike<K extends string> {
  count: number;
  kinds: readonly K[];
}

/**
 * Which kinds each group's things can be of, when as many as possible of them are to explain counters that moved so often (`capacity`).
 * `null` is no counter. A group whose result has one member is decided: any other answer would leave more unexplained, or contradict a
 * counter. Groups are few (the sets of kinds), and so are kinds.
 */
export function possibleKinds<K extends string>(
  groups: readonly Alike<K>[],
  capacity: ReadonlyMap<K, number>,
): (K | null)[][] {
  const most = explained(groups, capacity);
  return groups.map((group, nth) => {
    const fewer = groups.map((one, other) => (other === nth ? { ...one, count: one.count - 1 } : one));
    const options: (K | null)[] = group.kinds.filter((kind) => {
      const left = (capacity.get(kind) ?? 0) - 1;
      return left >= 0 && explained(fewer, new Map([...capacity, [kind, left]])) + 1 === most;
    });
    return explained(fewer, capacity) === most ? [...options, null] : options;
  });
}

/** The most things that can each explain one count: a maximum flow from groups to counters (Ford and Fulkerson). */
function explained<K extends string>(groups: readonly Alike<K>[], capacity: ReadonlyMap<K, number>): number {
  const left = new Map(capacity);
  const given = groups.map(() => new Map<K, number>());
  const give = (nth: number, kind: K, by: number): void => {
    const flow = given[nth];
    flow?.set(kind, (flow.get(kind) ?? 0) + by);
  };
  /** Gives one more thing of a group to some counter, and moves things of other groups out of the way. */
  const place = (nth: number, tried: Set<K>): boolean => {
    for (const kind of groups[nth]?.kinds ?? []) {
      if (tried.has(kind)) continue;
      tried.add(kind);
      const room = left.get(kind) ?? 0;
      if (room > 0) {
        left.set(kind, room - 1);
        give(nth, kind, 1);
        return true;
      }
      for (const [other, flow] of given.entries()) {
        if ((flow.get(kind) ?? 0) === 0) continue;
        if (!place(other, tried)) continue;
        give(other, kind, -1);
        give(nth, kind, 1);
        return true;
      }
    }
    return false;
  };
  let total = 0;
  for (const [nth, { count }] of groups.entries()) {
    for (let n = 0; n < count; n += 1) {
      if (!place(nth, new Set())) break;
      total += 1;
    }
  }
  return total;
}
