/**
 * Selects the identity that serves a read, or gives the reason why none can. Pure: health comes in, a pick or a refusal
 * goes out.
 */
import type { FallbackReason } from "../../shared/errors.ts";
import type { Candidate, Lease } from "./contract.ts";

/** A candidate as it stands now, for one bucket and route. */
export interface Health {
  readonly candidate: Candidate;
  /** The requests that the pool may still spend: remaining, less the reserved spend, less the owner's own part. */
  readonly spendable: number;
  /** When its budget allows this read again, ms since the epoch: 0 now, Infinity when GitHub has not reported it. */
  readonly depletedUntil: number;
  /** End of the cooldown that bars it; 0 when none does. */
  readonly coolingUntil: number;
  /** That cooldown means only that the budget is used up. */
  readonly exhausted: boolean;
  /** That cooldown means that its secret is missing or broken. */
  readonly misconfigured: boolean;
}

interface Wish {
  /** The identity that holds a live lease of the route key. */
  readonly holder?: string | undefined;
  /** The identity whose ETag is held. */
  readonly preferred?: string | undefined;
  /** A try has failed already. */
  readonly retry: boolean;
}

export interface SelectionRefusal {
  readonly reason: FallbackReason;
  readonly retryAt: number | null;
  readonly misconfigured?: true;
}

/** Neither cooling nor beyond its budget. */
export const isEligible = (health: Health): boolean => health.coolingUntil === 0 && health.depletedUntil === 0;

/**
 * The identity to use: the holder of the lease, else the one whose ETag is held, else the next by share.
 * Undefined when no candidate is both out of cooldown and within its budget.
 */
export function pick(healths: readonly Health[], wish: Wish, shares: Shares): Lease | undefined {
  const able = healths.filter(isEligible);
  const named = [wish.holder, wish.preferred].find((id) => able.some((health) => health.candidate.id === id));
  const identityId = named ?? shares.next(able);
  if (identityId === undefined) return undefined;
  if (wish.retry) return { identityId, reason: "fallback" };
  return { identityId, reason: named === undefined ? "highest_remaining" : "sticky" };
}

/** Why {@link pick} found no identity, and when the first candidate is back. */
export function refusal(healths: readonly Health[]): SelectionRefusal {
  if (healths.length === 0) return { reason: "no_identity", retryAt: null };
  const depleted = healths.every((health) => health.coolingUntil === 0 || health.exhausted);
  const first = Math.min(...healths.map((health) => Math.max(health.coolingUntil, health.depletedUntil)));
  return {
    reason: depleted ? "identity_pool_depleted" : "identities_cooling_down",
    retryAt: Number.isFinite(first) ? first : null,
    ...(healths.every(({ misconfigured }) => misconfigured) ? { misconfigured: true as const } : {}),
  };
}

/**
 * Smooth weighted round robin (nginx's): each turn every candidate gains credit by its share; the one with the most
 * credit is picked, and the turn is subtracted from its credit. A share is weight × spendable budget: equal budgets
 * give exactly the weights, and an identity that its owner uses elsewhere gets fewer reads. Credits are soft state:
 * losing them costs one round of fairness.
 */
export class Shares {
  readonly #credit = new Map<string, number>();

  next(able: readonly Health[]): string | undefined {
    const weighted = able.filter((health) => health.candidate.weight > 0);
    // Weight 0 is a last resort: such identities share only among themselves.
    const rivals = weighted.length > 0 ? weighted : able;
    const shares = rivals.map(({ candidate, spendable }) => (candidate.weight > 0 ? candidate.weight : 1) * spendable);
    const total = shares.reduce((sum, share) => sum + share, 0);
    let best: string | undefined;
    let most = -Infinity;
    for (const [at, { candidate }] of rivals.entries()) {
      const credit = (this.#credit.get(candidate.id) ?? 0) + (shares[at] ?? 0) / total;
      this.#credit.set(candidate.id, credit);
      if (credit <= most) continue;
      most = credit;
      best = candidate.id;
    }
    if (best !== undefined) this.#credit.set(best, most - 1);
    return best;
  }
}
