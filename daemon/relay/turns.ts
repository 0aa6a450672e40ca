/**
 * Limits the concurrent requests of this machine to the relay. A slow request makes room for another, up to a second
 * bound, so that slow reads do not delay quick ones; and the wait for a turn is bounded.
 */

export interface TurnLimits {
  /** Requests in progress that do not count as slow. */
  readonly quick: number;
  /** Requests in progress in total. */
  readonly most: number;
  /** ms after which a request counts as slow. */
  readonly slowAfterMs: number;
  /** ms without any returned turn after which the wait ends. */
  readonly patienceMs: number;
  /** ms after which the wait ends in any case. */
  readonly longestWaitMs: number;
}

/** No turn came in time. */
export class NoTurn extends Error {
  override readonly name = "NoTurn";
}

interface Waiter {
  readonly since: number;
  readonly enter: () => void;
  readonly giveUp: () => void;
}

export class Turns {
  readonly #limits: TurnLimits;
  #underWay = 0;
  #slow = 0;
  #lastMoved = Number.NEGATIVE_INFINITY;
  readonly #waiting = new Set<Waiter>();

  constructor(limits: TurnLimits) {
    this.#limits = limits;
  }

  /**
   * Waits for a turn, in order of arrival; the returned function gives it back. Rejects with the signal's reason, or
   * with {@link NoTurn}.
   */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#waiting.size > 0 || !this.#hasRoom()) await this.#queue(signal);
    else this.#underWay++;
    return this.#turn();
  }

  #hasRoom(): boolean {
    return this.#underWay < this.#limits.most && this.#underWay - this.#slow < this.#limits.quick;
  }

  #turn(): () => void {
    let [slow, given] = [false, false];
    const timer = setTimeout(() => {
      slow = true;
      this.#slow++;
      this.#admit();
    }, this.#limits.slowAfterMs);
    timer.unref();
    return () => {
      if (given) return;
      given = true;
      clearTimeout(timer);
      if (slow) this.#slow--;
      this.#underWay--;
      this.#lastMoved = performance.now();
      this.#admit();
    };
  }

  #admit(): void {
    for (const waiter of this.#waiting) {
      if (!this.#hasRoom()) return;
      this.#underWay++;
      waiter.enter();
    }
  }

  #queue(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const leave = () => {
        this.#waiting.delete(waiter);
        clearTimeout(timer);
        signal.removeEventListener("abort", aborted);
      };
      const aborted = () => {
        leave();
        reject(signal.reason);
      };
      const look = () => {
        const left = this.#patienceLeft(waiter.since);
        if (left <= 0) waiter.giveUp();
        else timer = setTimeout(look, left);
      };
      const waiter: Waiter = {
        since: performance.now(),
        enter: () => {
          leave();
          resolve();
        },
        giveUp: () => {
          leave();
          reject(new NoTurn("no turn at the relay came in time"));
        },
      };
      this.#waiting.add(waiter);
      signal.addEventListener("abort", aborted, { once: true });
      look();
    });
  }

  /** ms for which this waiter goes on waiting. */
  #patienceLeft(since: number): number {
    const { patienceMs, longestWaitMs } = this.#limits;
    const sinceProgress = performance.now() - Math.max(since, this.#lastMoved);
    return Math.ceil(Math.min(patienceMs - sinceProgress, since + longestWaitMs - performance.now()));
  }
}
