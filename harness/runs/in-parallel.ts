/** How often it is asked whether there is room by now. */
const ASK_EVERY_MS = 20;

/** Does all of some work, at most `jobs` pieces at a time, in the order given. Stops beginning new ones when told. */
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
 * Does all of some work in the order given, and begins each piece when there is room for it. What a piece takes up must be known as
 * soon as `doOne` was called. Stops beginning new ones when told, or when one has failed; rejects then when the others are done.
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
