/** Whether an entry may answer: visibility proof first, then the age bound, then its age. */
import { staleWhileRevalidateSeconds } from "../../../shared/routes/index.ts";
import type { CacheEntry } from "../../cache/entry.ts";
import { holds, type Proof } from "../../guard/proof.ts";
import { type PoolState, purgedAt } from "../../pools/definition.ts";
import type { Plan } from "../plan.ts";

interface Moment {
  readonly plan: Plan;
  readonly pool: PoolState;
  readonly proof: Proof | undefined;
  /** ms since the epoch. */
  readonly now: number;
}

/**
 * - `fresh`: answers, and GitHub is not asked.
 * - `refresh`: answers, while GitHub is asked in the background.
 * - `outage`: answers only when GitHub or the pool cannot.
 * - `old`: does not answer; its validator may still save a transfer.
 */
type Usability = "fresh" | "refresh" | "outage" | "old";

export function answerable(entry: CacheEntry, moment: Moment): Usability | undefined {
  const { plan, pool, proof, now } = moment;
  if (!released(entry, proof, now) || entry.createdAt <= purgedAt(pool, entry.repo, entry.routeKind)) return undefined;
  if (!withinBound(entry, plan, now)) return "old";
  if (now < entry.expiresAt || plan.anyAge) return "fresh";
  if (now >= entry.staleUntil) return "old";
  const unbounded = plan.maxAgeMs === undefined;
  const recent = now < entry.expiresAt + staleWhileRevalidateSeconds * 1000;
  return plan.classified.route.swr && unbounded && recent ? "refresh" : "outage";
}

/**
 * Whether it answers a read that sends GitHub no request: complete, not behind an event, and within a bound of seconds.
 *
 * @param mostMs the largest age that any bound may allow
 */
export function answersUnasked(entry: CacheEntry, moment: Moment, mostMs = Number.POSITIVE_INFINITY): boolean {
  const { answer } = entry;
  if (answer.status !== 200 || answer.unsettled) return false;
  const maxAgeMs = Math.min(moment.plan.maxAgeMs ?? mostMs, mostMs);
  const usability = answerable(entry, { ...moment, plan: { ...moment.plan, maxAgeMs } });
  return usability !== undefined && usability !== "old";
}

/**
 * The guard's rule for a stored entry: an unexpired proof shows that the repository is public, and it is not older than
 * the one under which the entry was read.
 */
function released(entry: CacheEntry, proof: Proof | undefined, now: number): boolean {
  if (entry.repo === "") return true;
  return holds(proof, now) && proof.verdict === "public" && proof.checkedAt >= entry.provenAt;
}

/** `max-age=0`: no stored entry answers. */
function withinBound(entry: CacheEntry, { maxAgeMs, notBefore = 0 }: Plan, now: number): boolean {
  // Treat a future `not_before` as now; otherwise no answer could qualify.
  if (entry.createdAt < Math.min(notBefore, now)) return false;
  return maxAgeMs === undefined || (maxAgeMs > 0 && now - entry.createdAt <= maxAgeMs);
}
