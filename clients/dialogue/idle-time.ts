/** How long the other end leaves an idle connection open. The first connection finds it out, and the others wait for that. */
export class IdleTime {
  /** In milliseconds, from the last byte; null: not known yet. */
  ms: number | null = null;
  readonly #waiting: (() => void)[] = [];

  /** The first connection has ended by itself. */
  found(ms: number): void {
    this.ms = ms;
    for (const ring of this.#waiting.splice(0)) ring();
  }

  /** `ring` is called when it becomes known. */
  whenFound(ring: () => void): void {
    if (this.ms === null) this.#waiting.push(ring);
  }
}

/**
 * How far from the idle time a connection waits: evenly spread from `-spreadMs` for connection 2 to `spreadMs` for the last one. 0 for the
 * only one.
 */
export function offsetMs(connection: number, connections: number, spreadMs: number): number {
  const last = connections - 2;
  return last <= 0 ? 0 : spreadMs * ((2 * (connection - 2)) / last - 1);
}
