/**
 * The messages of the Worker and the pool's coordinator (one Durable Object a pool). A miss costs one
 * {@link PoolCoordinatorApi.begin} and one {@link PoolCoordinatorApi.end}; a hit costs nothing here.
 */

import type { IdentityKind, LeaseReason } from "../../shared/envelope.ts";
import type { ErrorCode, FallbackReason } from "../../shared/errors.ts";

/** The budgets that GitHub counts apart. */
export type Bucket = "core" | "search" | "code_search" | "graphql";

/** The budget owner of reads without a credential: 60 an hour for the relay's address, shared with strangers. */
export const anonymousOwner = "anonymous";

/** An identity that may serve this read, as D1 describes it. Scope was checked by the Worker. */
export interface Candidate {
  readonly id: string;
  readonly kind: IdentityKind;
  /** GitHub counts one user's tokens as one budget: `user:<login>` or `installation:<id>`. */
  readonly budgetOwner: string;
  /** Share of the traffic this identity takes among equally healthy ones; 1 is normal, 0 is a last resort. */
  readonly weight: number;
  /** Part of its budget, 0 to 1, that the pool leaves to the identity's owner; the pool's setting when absent. */
  readonly reserve?: number;
}

export interface BeginRequest {
  /** Cache key of the answer that is wanted: misses with the same key are filled once. */
  readonly key: string;
  /** Leases, and the cooldown after a permission 403, are kept per route key. */
  readonly routeKey: string;
  readonly bucket: Bucket;
  readonly candidates: readonly Candidate[];
  /** The identity whose ETag we hold; taken when it is healthy, because ETags differ per token. */
  readonly preferred?: string;
  /** No coalescing: the caller's own conditional headers make this answer theirs alone. */
  readonly exclusive?: boolean;
  /** The oldest answer that the caller takes: they join only a fill that began later (ms since the epoch). */
  readonly notBefore?: number;
  /**
   * The route is read without a credential; only its budget is checked. Candidates, if any are given, are the second
   * choice, for when that budget is gone (routes of class "anon, then pool").
   */
  readonly anonymous?: boolean;
  /** GitHub calls (GraphQL: points) this fill is expected to spend, reserved while it runs; 1 when absent. */
  readonly cost?: number;
}

/**
 * A pick: which identity to use and why. The identity of a cached ETag is `sticky`, one after a failed try `fallback`.
 */
export interface Lease {
  readonly identityId: string;
  readonly reason: LeaseReason;
}

/** The result of a fill, for the followers that waited on it. */
export type FillOutcome =
  | { readonly kind: "answer"; readonly answer: unknown; readonly body: Uint8Array }
  | { readonly kind: "failure"; readonly code: ErrorCode; readonly reason?: FallbackReason; readonly message: string };

export type BeginOutcome =
  /**
   * A null lease: read without a credential. `landed`: a fill of this key was answered a moment ago, so that the stored
   * entry may be newer than the one that the caller has seen.
   */
  | { readonly role: "owner"; readonly ticket: string; readonly lease: Lease | null; readonly landed?: true }
  | { readonly role: "follower"; readonly outcome: FillOutcome }
  /** `misconfigured`: there are identities, and the secret of every one is missing or broken. */
  | {
      readonly role: "refused";
      readonly reason: FallbackReason;
      readonly retryAt: number | null;
      readonly misconfigured?: true;
    };

/** The scope of a cooldown: one identity, all of one budget owner's, one identity on one route, one owner's bucket. */
export type CooldownScope = "identity" | "owner" | "route" | "bucket";

/** An identity's budget and health as one response reports them (pages and 304s included). */
export interface Observation {
  /** Null for a read without a credential; its budget owner is {@link anonymousOwner}. */
  readonly identityId: string | null;
  readonly budgetOwner: string;
  readonly bucket: Bucket;
  readonly routeKey: string;
  readonly status: number;
  readonly limit?: number;
  readonly remaining?: number;
  /** Seconds since the epoch. */
  readonly reset?: number;
  /** Seconds. */
  readonly retryAfter?: number;
  /** GitHub's message named a secondary limit. */
  readonly secondary?: boolean;
  /** The identity's secret is missing or broken: GitHub was not asked. */
  readonly misconfigured?: boolean;
}

export interface EndRequest {
  readonly ticket: string;
  readonly observations: readonly Observation[];
  readonly outcome: FillOutcome;
}

/** The coordinator's remote interface. Time comes from the object's injected clock. */
export interface PoolCoordinatorApi {
  begin(request: BeginRequest): Promise<BeginOutcome>;
  /** After a failed try: records the observations and picks another identity that this ticket has not used, or null. */
  failover(ticket: string, observations: readonly Observation[]): Promise<Lease | null>;
  /** Of one fill, or of several that ended within a moment. */
  end(requests: readonly EndRequest[]): Promise<void>;
  /** The state for operators: budgets, cooldowns, leases, fills in progress. */
  snapshot(): Promise<PoolSnapshot>;
}

export interface PoolSnapshot {
  readonly now: number;
  readonly budgets: readonly {
    readonly owner: string;
    readonly bucket: Bucket;
    readonly limit: number;
    readonly remaining: number;
    /** ms since the epoch. */
    readonly reset: number;
    /** Spend that fills in progress have reserved. */
    readonly reserved: number;
  }[];
  readonly cooldowns: readonly {
    /** The identity; for the scopes `owner` and `bucket` the budget owner, whose every identity cools. */
    readonly identityId: string;
    readonly scope: CooldownScope;
    /** The route key or the bucket; empty for the other scopes. */
    readonly target: string;
    readonly until: number;
    readonly cause: string;
  }[];
  readonly leases: readonly { readonly routeKey: string; readonly identityId: string; readonly expires: number }[];
  readonly fills: readonly { readonly key: string; readonly startedAt: number; readonly followers: number }[];
}
