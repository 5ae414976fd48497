/** Whether a doctor says that the machine gave it no time. */
export function isStarved(document: { lack: string | null } | null | undefined): boolean {
  return (document?.lack ?? null) !== null;
}

/** Something is run so often at most. */
const MOST_TRIES = 3;

/**
 * Runs something in which a doctor looks, and again where that is no test of the doctor: the machine gave it no time, or there was nothing to
 * be seen when it looked. Returns the last result. `nth` counts the runs from 0.
 */
export async function unstarved<T>(
  run: (nth: number) => T | Promise<T>,
  isMissed: (result: T, nth: number) => boolean,
): Promise<T> {
  let result = await run(0);
  for (let nth = 1; nth < MOST_TRIES && isMissed(result, nth - 1); nth += 1) result = await run(nth);
  return result;
}
