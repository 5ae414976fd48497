/** How often `hasRoom` is called again. */
const ASK_EVERY_MS = 20;

/** Does the pieces of work in the given order, at most `jobs` at a time. Begins no new piece once `stopped` returns true. */
export async function inParallel<T>(
  work: T[],
  jobs: number,
  doOne: (piece: T) => Promise<void>,
  stopped: () => boolean,
): Promise<void> {
  let running = 0;
  const counted = async (piece: T): Promise<void> => {
    running += 1;
    await doOne(piece).finally(() => {
      running -= 1;
    });
  };
  await whereThereIsRoom(work, () => running < jobs, counted, stopped);
}

/**
 * Does the pieces of work in the given order, and begins each when there is room for it. `hasRoom` must count a piece as soon as `doOne`
 * was called for it. Begins no new piece once `stopped` returns true or a piece has failed. After a failure it waits for the running
 * pieces, then rejects.
 */
export async function whereThereIsRoom<T>(
  work: T[],
  hasRoom: () => boolean,
  doOne: (piece: T) => Promise<void>,
  stopped: () => boolean,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const faults: unknown[] = [];
  const begin = (piece: T): void => {
    const one = doOne(piece)
      .catch((error: unknown) => void faults.push(error))
      .finally(() => running.delete(one));
    running.add(one);
  };
  for (const piece of work) {
    while (!hasRoom() && !stopped() && faults.length === 0) await Promise.race([...running, aMoment()]);
    if (stopped() || faults.length > 0) break;
    begin(piece);
  }
  await Promise.all(running);
  if (faults.length > 0) throw faults[0];
}

function aMoment(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
}
