/** Pauses the use of an account that GitHub limits, or of a host that cannot be reached. */
import type { RawAnswer } from "../relay/collect.ts";

/** GitHub asks for at least a minute where it gives no time. */
const leastSeconds = 60;
const longestSeconds = 3600;
/** A server may be reached by its owner's network only: each command would wait for it, and gh again. */
const unreachedSeconds = 30;

export class PersonalLimits {
  readonly #now: () => number;
  /** By account hash: milliseconds since the epoch. */
  readonly #until = new Map<string, { readonly until: number; readonly why: string }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Why the account must not be used now; undefined when it may. */
  pauseOf(hash: string): string | undefined {
    const pause = this.#until.get(hash);
    if (pause === undefined) return undefined;
    if (pause.until > this.#now()) return pause.why;
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
    this.#pause(hash, until, "GitHub limits this account");
  }

  /** Notes that the account's host could not be reached. */
  unreached(hash: string): void {
    this.#pause(hash, this.#now() + unreachedSeconds * 1000, "the host could not be reached a moment ago");
  }

  #pause(hash: string, until: number, why: string): void {
    if (until > (this.#until.get(hash)?.until ?? 0)) this.#until.set(hash, { until, why });
  }
}
