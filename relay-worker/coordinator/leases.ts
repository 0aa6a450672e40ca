/**
 * Leases: for ten seconds the reads of one route key stay with one identity, so that its pages and ETags fit together.
 * A lease is never extended, because a busy route would keep its identity for ever.
 */
export interface LeaseRow {
  readonly routeKey: string;
  readonly identityId: string;
  /** ms since the epoch. */
  readonly expires: number;
}

export const leaseMs = 10_000;

/** All leases of a pool, mirrored in memory; `save` is called for each grant. */
export class Leases {
  /** In the order of their expiry: each is granted for the same time, and a new grant moves to the end. */
  readonly #known = new Map<string, LeaseRow>();
  readonly #save: (lease: LeaseRow) => void;

  /** `stored` comes in the order of its expiry. */
  constructor(stored: readonly LeaseRow[], save: (lease: LeaseRow) => void) {
    for (const lease of stored) this.#known.set(lease.routeKey, lease);
    this.#save = save;
  }

  /** The identity that holds the route key now. */
  holder(routeKey: string, now: number): string | undefined {
    const lease = this.#known.get(routeKey);
    return lease !== undefined && lease.expires > now ? lease.identityId : undefined;
  }

  /** Gives the route key to an identity; a live lease of that same identity stays as it is. */
  grant(routeKey: string, identityId: string, now: number): void {
    if (this.holder(routeKey, now) === identityId) return;
    const lease = { routeKey, identityId, expires: now + leaseMs };
    this.#known.delete(routeKey);
    this.#known.set(routeKey, lease);
    this.#save(lease);
  }

  live(now: number): LeaseRow[] {
    return [...this.#known.values()].filter((lease) => lease.expires > now);
  }

  prune(now: number): void {
    for (const [routeKey, lease] of this.#known) {
      if (lease.expires > now) return;
      this.#known.delete(routeKey);
    }
  }
}
