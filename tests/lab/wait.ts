/** Waits until something is so, asking again and again, with a bound. Gives what was last seen when the bound is reached. */
export async function until<T>(look: () => T, good: (seen: T) => boolean, withinMs: number): Promise<T> {
  const endMs = performance.now() + withinMs;
  for (;;) {
    const seen = look();
    if (good(seen) || performance.now() > endMs) return seen;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
