/** A step `together` of the script. */
interface Place {
  wanted: number;
  waiting: (() => void)[];
  /** How many connections have reached it and are not over. */
  reached: number;
}

/** Lets connections go on together from a step of their script. */
export class Gathering {
  readonly #places = new Map<number, Place>();
  /** Connections that are not over, begun or not. */
  #alive: number;

  /** `connections`: of the whole run. */
  constructor(connections: number) {
    this.#alive = connections;
  }

  /** A connection has reached its `nth` step. `release` is called when `wanted` wait there, or as soon as no other can come. */
  reach(nth: number, wanted: number, release: () => void): void {
    const place = this.#places.get(nth) ?? { wanted, waiting: [], reached: 0 };
    this.#places.set(nth, place);
    place.waiting.push(release);
    place.reached += 1;
    this.#check(place);
  }

  /** A connection does not wait any more. */
  leave(nth: number, release: () => void): void {
    const place = this.#places.get(nth);
    if (place !== undefined) place.waiting = place.waiting.filter((one) => one !== release);
  }

  /** A connection is over; `nth` was its last step. */
  over(nth: number): void {
    this.#alive -= 1;
    for (const [step, place] of this.#places) {
      if (step <= nth) place.reached -= 1;
      this.#check(place);
    }
  }

  #check(place: Place): void {
    const isLast = this.#alive === place.reached;
    if (place.waiting.length < place.wanted && !isLast) return;
    for (const release of place.waiting.splice(0)) release();
  }
}
