/** Accelerated time for commands that wait: the clock stands still while one of them works. */
import type { Pause } from "../../../daemon/events/watch.ts";
import type { Moment } from "../team/trace-types.ts";

/** From GitHub's event to the machine's mark, ms: `push_p99_ms`, rounded up. */
const eventMs = 200;

interface Timer {
  t: Moment;
  readonly resolve: () => void;
}

export class AcceleratedTime {
  readonly #moment: () => Moment;
  readonly #timers = new Set<Timer>();
  #active = 0;
  #idle = Promise.withResolvers<void>();

  constructor(moment: () => Moment) {
    this.#moment = moment;
  }

  /** An event that ends the wait early does so after the time that it takes to arrive. */
  readonly pause: Pause = async (milliseconds, signal) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = { t: this.#moment() + milliseconds, resolve };
    const hurry = () => {
      timer.t = Math.min(timer.t, this.#moment() + eventMs);
    };
    if (signal.aborted) hurry();
    else signal.addEventListener("abort", hurry, { once: true });
    this.#timers.add(timer);
    this.#leave();
    await promise;
    signal.removeEventListener("abort", hurry);
  };

  /** When the next wait is over. */
  get next(): Moment {
    return Math.min(...[...this.#timers].map(({ t }) => t));
  }

  /** Begins these commands, ends the waits that are due, and waits until all of them wait again or have ended. */
  async turn(commands: readonly (() => Promise<void>)[]): Promise<void> {
    const due = [...this.#timers].filter(({ t }) => t <= this.#moment());
    for (const timer of due) {
      this.#timers.delete(timer);
      this.#enter();
      timer.resolve();
    }
    for (const command of commands) {
      this.#enter();
      void command().finally(() => this.#leave());
    }
    if (this.#active > 0) await this.#idle.promise;
  }

  #enter(): void {
    if (this.#active === 0) this.#idle = Promise.withResolvers<void>();
    this.#active += 1;
  }

  #leave(): void {
    this.#active -= 1;
    if (this.#active === 0) this.#idle.resolve();
  }
}
