/** The meaning of the relay's counters: every request is counted under exactly one answer. */
import { answeredReads, type StatsCounters } from "../../shared/stats.ts";

export interface Answers {
  /** The relay held it. */
  readonly cache: number;
  /** Waited for another caller's read of the same thing: no call of its own. */
  readonly coalesced: number;
  /** GitHub was asked, with or without a condition. */
  readonly github: number;
  /** 424: the caller's own gh was to answer. */
  readonly fallback: number;
  /** The request itself was wrong or not allowed: another 4xx. */
  readonly refused: number;
  readonly failed: number;
}

export function answersOf(counters: StatsCounters): Answers {
  const cache = counters.hits + counters.stale;
  const { coalesced, local_fallbacks: fallback, service_errors: failed } = counters;
  // Coalesced answers are counted inside misses or revalidated as well.
  const github = Math.max(0, answeredReads(counters) - cache - coalesced);
  const refused = Math.max(0, counters.requests - cache - coalesced - github - fallback - failed);
  return { cache, coalesced, github, fallback, refused, failed };
}
