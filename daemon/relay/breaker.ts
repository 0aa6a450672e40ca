/**
 * The circuit breaker: after a few failures in a row reads do not wait for a relay that is down. While it is open one
 * probe at a time may try (half-open); its success closes it.
 */

type BreakerState = "closed" | "open" | "half_open";

/** Failures in a row. */
export const failuresToOpen = 3;
export const firstPauseMs = 2_000;
export const longestPauseMs = 60_000;

/** The right to send one request. It ends with exactly one of these; a second one is ignored. */
export interface Pass {
  /** The relay works: it answered, or it refused in its own form. */
  succeeded(): void;
  /** No answer in the relay's form came. */
  failed(): void;
  /** The request was given up for reasons that say nothing about the relay. */
  cancelled(): void;
}

export class Breaker {
  readonly #now: () => number;
  #failures = 0;
  #openUntil = 0;
  #pauseMs = firstPauseMs;
  /** The probe in progress. */
  #probe: object | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  get state(): BreakerState {
    if (this.#failures < failuresToOpen) return "closed";
    return this.#probe !== undefined || this.#now() >= this.#openUntil ? "half_open" : "open";
  }

  /** Whether a request may go out now; while half-open it is the probe. */
  tryPass(): Pass | undefined {
    const pass = {};
    if (this.#failures >= failuresToOpen) {
      if (this.#probe !== undefined || this.#now() < this.#openUntil) return undefined;
      this.#probe = pass;
    }
    let ended = false;
    const end = (settle: (wasProbe: boolean) => void) => () => {
      if (ended) return;
      ended = true;
      // Only its own end ends a probe: requests from before the breaker opened may still be in progress.
      const wasProbe = this.#probe === pass;
      if (wasProbe) this.#probe = undefined;
      settle(wasProbe);
    };
    return {
      succeeded: end(() => this.#succeeded()),
      failed: end((wasProbe) => this.#failed(wasProbe)),
      cancelled: end(() => undefined),
    };
  }

  #succeeded(): void {
    this.#failures = 0;
    this.#pauseMs = firstPauseMs;
  }

  #failed(wasProbe: boolean): void {
    this.#failures++;
    if (this.#failures < failuresToOpen) return;
    if (wasProbe) this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    this.#openUntil = this.#now() + this.#pauseMs;
  }
}
