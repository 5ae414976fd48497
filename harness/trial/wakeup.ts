/** Lets a loop sleep until something happens, or until a time. If something happens while the loop is awake, its next sleep ends early. */
export class Wakeup {
  #isDue = false;
  #wake: (() => void) | null = null;

  /** Reports that something happened. This ends the current sleep, or the next one. */
  call(): void {
    this.#isDue = true;
    this.#wake?.();
  }

  /** Sleeps until call(), but at least `atLeastMs` and at most `atMostMs`. Only one loop may sleep at a time. */
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
