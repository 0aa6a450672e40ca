/**
 * Budgets as GitHub counts them: one for each owner (a user over all their tokens, or an installation) and bucket, each
 * with a window that ends at `reset`. GitHub's latest figure counts; the spend of fills in progress is reserved beside
 * it.
 */
import { anonymousOwner, type Bucket, type Observation } from "./contract.ts";

/** One budget as GitHub last reported it. */
export interface RateBudget {
  readonly owner: string;
  readonly bucket: Bucket;
  readonly limit: number;
  readonly remaining: number;
  /** When the window ends, ms since the epoch. */
  readonly reset: number;
}

/** Spend reserved for one fill in progress. */
export interface Hold {
  readonly owner: string;
  readonly bucket: Bucket;
  readonly cost: number;
}

/** The remaining requests of a budget now. */
interface Standing {
  readonly limit: number;
  readonly remaining: number;
  readonly reserved: number;
  /** When the window ends; null when GitHub has not reported it. */
  readonly reset: number | null;
}

/**
 * The requests that the pool may still spend: remaining, less the reserved spend, less the owner's own part (0 to 1).
 */
export function spendable({ limit, remaining, reserved }: Omit<Standing, "reset">, ownersPart: number): number {
  return remaining - reserved - Math.ceil(ownersPart * limit);
}

/** GitHub's documented limits, assumed until it reports others. */
const credentialLimits: Record<Bucket, number> = { core: 5000, search: 30, code_search: 9, graphql: 5000 };
/** Code search and GraphQL need a credential. */
const anonymousLimits: Record<Bucket, number> = { core: 60, search: 10, code_search: 0, graphql: 0 };

/** No window of GitHub's is longer than an hour; a reset beyond this is not believed. */
const furthestReset = 24 * 3_600_000;
/** How long a closed window is kept, for its limit. */
export const budgetMemory = 24 * 3_600_000;

const keyOf = (owner: string, bucket: Bucket): string => `${bucket} ${owner}`;

/** The limit assumed for an owner of which GitHub has reported nothing yet. */
export function assumedLimit(owner: string, bucket: Bucket): number {
  return (owner === anonymousOwner ? anonymousLimits : credentialLimits)[bucket];
}

/**
 * Merges a response's figures into the known budget, in any order of arrival: a newer window replaces it, the same
 * window keeps the smaller count, and an older window is ignored.
 */
export function mergeBudget(known: RateBudget | undefined, seen: RateBudget): RateBudget {
  if (known === undefined || seen.reset > known.reset) return seen;
  if (seen.reset < known.reset || (seen.limit === known.limit && seen.remaining >= known.remaining)) return known;
  return { ...seen, remaining: Math.min(known.remaining, seen.remaining) };
}

/** The budget that an observation's headers describe; undefined when they are missing or make no sense. */
export function budgetSeen(seen: Observation, now: number): RateBudget | undefined {
  const { limit, remaining, reset } = seen;
  if (limit === undefined || remaining === undefined || reset === undefined) return undefined;
  const sane = limit >= 0 && remaining >= 0 && reset > 0 && reset * 1000 <= now + furthestReset;
  if (!sane) return undefined;
  return { owner: seen.budgetOwner, bucket: seen.bucket, limit, remaining, reset: reset * 1000 };
}

/** All budgets of a pool, mirrored in memory; `save` is called for each change. */
export class Budgets {
  readonly #known = new Map<string, RateBudget>();
  readonly #reserved = new Map<string, number>();
  readonly #save: (budget: RateBudget) => void;

  constructor(stored: readonly RateBudget[], save: (budget: RateBudget) => void) {
    for (const budget of stored) this.#known.set(keyOf(budget.owner, budget.bucket), budget);
    this.#save = save;
  }

  /** Takes in the rate headers of one response (pages and 304s included). */
  observe(seen: Observation, now: number): void {
    const heard = budgetSeen(seen, now);
    if (heard === undefined) return;
    const key = keyOf(heard.owner, heard.bucket);
    const known = this.#known.get(key);
    const merged = mergeBudget(known, heard);
    if (merged === known) return;
    this.#known.set(key, merged);
    this.#save(merged);
  }

  standing(owner: string, bucket: Bucket, now: number): Standing {
    const key = keyOf(owner, bucket);
    const known = this.#known.get(key);
    const reserved = this.#reserved.get(key) ?? 0;
    if (known !== undefined && known.reset > now) return { ...known, reserved };
    const limit = known?.limit ?? assumedLimit(owner, bucket);
    return { limit, remaining: limit, reserved, reset: null };
  }

  /** Reserves the spend of a fill in progress, so that concurrent selections do not promise it twice. */
  reserve(hold: Hold): void {
    const key = keyOf(hold.owner, hold.bucket);
    this.#reserved.set(key, (this.#reserved.get(key) ?? 0) + hold.cost);
  }

  /** Releases a reservation: the response has been observed, or its last reader has left. */
  release(hold: Hold): void {
    const key = keyOf(hold.owner, hold.bucket);
    const left = (this.#reserved.get(key) ?? 0) - hold.cost;
    if (left > 0) this.#reserved.set(key, left);
    else this.#reserved.delete(key);
  }

  /** Budgets whose window is open. */
  open(now: number): (RateBudget & { readonly reserved: number })[] {
    return [...this.#known]
      .filter(([, budget]) => budget.reset > now)
      .map(([key, budget]) => ({ ...budget, reserved: this.#reserved.get(key) ?? 0 }));
  }

  prune(now: number): void {
    for (const [key, budget] of this.#known) if (budget.reset <= now - budgetMemory) this.#known.delete(key);
  }
}
