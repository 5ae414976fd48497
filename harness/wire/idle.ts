/**
 * Which connections a middlebox has forgotten, which forgets a connection over which no segment has come for some time. It does not know
 * that connection again. Times are microseconds of one clock, in the order of the segments.
 */
export class IdleConnections {
  readonly #forgottenAfterUs: number;
  readonly #latestUs = new Map<number, number>();
  readonly #forgotten = new Set<number>();

  constructor(forgottenAfterMs: number) {
    this.#forgottenAfterUs = forgottenAfterMs * 1000;
  }

  /** A segment of a connection comes, from either end. */
  see(connection: number, atUs: number): void {
    const latestUs = this.#latestUs.get(connection);
    if (latestUs !== undefined && atUs - latestUs >= this.#forgottenAfterUs) this.#forgotten.add(connection);
    this.#latestUs.set(connection, atUs);
  }

  isForgotten(connection: number): boolean {
    return this.#forgotten.has(connection);
  }
}
