/** Counts running calls, which keep the daemon alive. Idle for long enough, it exits. */

export class Presence {
  readonly #onIdle: () => void;
  #running = 0;
  #timer: NodeJS.Timeout | undefined;
  #whenEmpty: (() => void) | undefined;

  constructor(idleMs: number, onIdle: () => void) {
    this.#onIdle = onIdle;
    this.#timer = setTimeout(() => this.#rang(), idleMs);
  }

  get running(): number {
    return this.#running;
  }

  /** A call begins; the returned function ends it, once. */
  enter(): () => void {
    this.#running++;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#running--;
      if (this.#running > 0) return;
      // refresh() is cheap; a timer for every call is not.
      this.#timer?.refresh();
      this.#whenEmpty?.();
    };
  }

  /** Resolves when no call runs, at once or after at most `patienceMs`. */
  async drained(patienceMs: number): Promise<void> {
    this.stop();
    if (this.#running === 0) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, patienceMs);
    this.#whenEmpty = resolve;
    await promise;
    clearTimeout(timer);
  }

  /** No more calls will come: the process need not stay for them. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #rang(): void {
    if (this.#running === 0) this.#onIdle();
    else this.#timer?.refresh();
  }
}
