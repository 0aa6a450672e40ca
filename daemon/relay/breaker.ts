/**
 * The circuit breaker: after a few failures in a row nobody waits for a relay that is down. While it is open one probe
 * at a time may try (half-open); its success closes it.
 */

export type BreakerState = "closed" | "open" | "half_open";

/** Failures in a row. */
export const failuresToOpen = 3;
export const firstPauseMs = 2_000;
export const longestPauseMs = 60_000;

export class Breaker {
  readonly #now: () => number;
  #failures = 0;
  #openUntil = 0;
  #pauseMs = firstPauseMs;
  #probing = false;

  constructor(now: () => number) {
    this.#now = now;
  }

  get state(): BreakerState {
    if (this.#failures < failuresToOpen) return "closed";
    return this.#probing || this.#now() >= this.#openUntil ? "half_open" : "open";
  }

  /** Whether a request may go out now; a yes while half-open makes it the probe. */
  tryPass(): boolean {
    if (this.#failures < failuresToOpen) return true;
    if (this.#probing || this.#now() < this.#openUntil) return false;
    this.#probing = true;
    return true;
  }

  succeeded(): void {
    this.#failures = 0;
    this.#pauseMs = firstPauseMs;
    this.#probing = false;
  }

  /** A request failed; true when this opened the breaker. */
  failed(): boolean {
    const wasProbe = this.#probing;
    this.#probing = false;
    this.#failures++;
    if (this.#failures < failuresToOpen) return false;
    if (wasProbe) this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs);
    this.#openUntil = this.#now() + this.#pauseMs;
    return this.#failures === failuresToOpen;
  }

  /** A probe that was cancelled proves nothing. */
  cancelled(): void {
    this.#probing = false;
  }
}
