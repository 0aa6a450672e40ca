/** What the relay's counters mean: every request is counted under exactly one answer. */
import type { StatsCounters } from "../../shared/stats.ts";

export interface Answers {
  /** The relay held it. */
  readonly cache: number;
  /** Waited for another caller's fill: no call of its own. */
  readonly coalesced: number;
  /** GitHub was asked, conditionally or not. */
  readonly github: number;
  /** 424: the caller's own gh was to answer. */
  readonly fallback: number;
  readonly failed: number;
}

export function answersOf(counters: StatsCounters): Answers {
  const cache = counters.hits + counters.stale;
  const { coalesced, local_fallbacks: fallback, service_errors: failed } = counters;
  // Coalesced answers are counted inside misses or revalidated as well.
  const asked = counters.misses + counters.bypass + counters.revalidated - coalesced;
  return { cache, coalesced, github: Math.max(0, asked), fallback, failed };
}

/** Calls that GitHub was not sent: one a read that was answered, less what was spent. "Served" is not "saved". */
export function spared(counters: StatsCounters): number {
  const { cache, coalesced, github } = answersOf(counters);
  return Math.max(0, cache + coalesced + github - counters.github_calls);
}
