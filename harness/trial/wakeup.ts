/** Lets a loop sleep until something happens, or until a time. What happens while nobody sleeps is not lost: the next sleep ends at once. */
export class Wakeup {
  #isDue = false;
  #wake: (() => void) | null = null;

  /** Something happened: ends the sleep, or the next one. */
  call(): void {
    this.#isDue = true;
    this.#wake?.();
  }

  /** Sleeps until call(), but for `atLeastMs` in any case and for no more than `atMostMs`. One loop sleeps at a time. */
  async sleep(atLeastMs: number, atMostMs: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, Math.min(atLeastMs, atMostMs)));
    const leftMs = atMostMs - atLeastMs;
    if (!this.#isDue && leftMs > 0) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = null;
    }
    this.#isDue = false;
  }
}
