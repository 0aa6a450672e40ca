import type { Viewer } from "./auth.ts";
import { owner } from "./budgets.ts";

/** GitHub's own bound on points a minute. */
export const githubsPoints = 900;
export const mostConcurrent = 100;
const readPoints = 1;
const writePoints = 5;
const minuteMs = 60_000;

/** GitHub's limits against bursts: requests at once, and points a minute (304s count too). */
export class SecondaryLimits {
  readonly #now: () => number;
  readonly #pointsPerMinute: number;
  readonly #running = new Map<string, number>();
  readonly #points = new Map<string, { since: number; points: number }>();

  constructor(now: () => number, pointsPerMinute = Number.POSITIVE_INFINITY) {
    this.#now = now;
    this.#pointsPerMinute = pointsPerMinute;
  }

  /** Counts a request in; `false` when there are too many at once. Each needs its `end`. */
  begin(viewer: Viewer): boolean {
    const key = owner(viewer);
    const running = (this.#running.get(key) ?? 0) + 1;
    this.#running.set(key, running);
    return running <= mostConcurrent;
  }

  end(viewer: Viewer): void {
    const key = owner(viewer);
    this.#running.set(key, (this.#running.get(key) ?? 1) - 1);
  }

  /** `false` when this request goes over the points of the minute. */
  charge(viewer: Viewer, method: string): boolean {
    const key = owner(viewer);
    const now = this.#now();
    const known = this.#points.get(key);
    const window = known && known.since + minuteMs > now ? known : { since: now, points: 0 };
    this.#points.set(key, window);
    window.points += method === "GET" || method === "HEAD" ? readPoints : writePoints;
    return window.points <= this.#pointsPerMinute;
  }
}
