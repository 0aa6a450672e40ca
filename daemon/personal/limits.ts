/** When GitHub limits an account, it is left alone for as long as GitHub says. */
import type { RawAnswer } from "../relay/collect.ts";

/** GitHub asks for a minute at least where it does not say how long. */
const leastSeconds = 60;
const longestSeconds = 3600;

export class PersonalLimits {
  readonly #now: () => number;
  /** Account hash → milliseconds since the epoch. */
  readonly #until = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Why the account must not be used now; undefined when it may. */
  pauseOf(hash: string): string | undefined {
    const until = this.#until.get(hash);
    if (until === undefined) return undefined;
    if (until > this.#now()) return "GitHub limits this account";
    this.#until.delete(hash);
    return undefined;
  }

  /** Notes a 403 or 429; a 403 that is no limit (a missing right) changes nothing. */
  refused(hash: string, { status, headers, body }: RawAnswer): void {
    const retryAfter = Number(headers["retry-after"] ?? Number.NaN);
    const exhausted = headers["x-ratelimit-remaining"] === "0";
    const secondary = /secondary rate limit|abuse detection/i.test(body.subarray(0, 2048).toString());
    if (status === 403 && Number.isNaN(retryAfter) && !exhausted && !secondary) return;
    const reset = exhausted ? Number(headers["x-ratelimit-reset"] ?? 0) * 1000 - this.#now() : 0;
    const seconds = Number.isNaN(retryAfter) ? Math.max(reset / 1000, exhausted ? 1 : leastSeconds) : retryAfter;
    const until = this.#now() + Math.min(seconds, longestSeconds) * 1000;
    this.#until.set(hash, Math.max(until, this.#until.get(hash) ?? 0));
  }
}
