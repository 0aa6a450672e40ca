/** One row of the GitHub route table. */

/** Seconds. */
export type Seconds = number;

/**
 * The credential to use: `pool` spends a pooled identity; `anon` is read without a credential only, because a pooled
 * token could reveal drafts or private cross-references; `anon_then_pool` prefers no credential; `native` is never
 * relayed.
 */
export type RouteClass = "pool" | "anon" | "anon_then_pool" | "native";

/** Freshness that depends on the body; the rules themselves are in freshness.ts. */
export type StateRule =
  | "pull"
  | "run"
  | "jobs"
  | "job"
  | "checks"
  | "checks_by_ref"
  | "run_list"
  | "issue"
  | "pull_files";

/** Stale windows that depend on whether an attempt is over for good. */
export type StateStale = "terminal_attempt" | "terminal_job";

export type CachePolicy =
  | { readonly fresh: Seconds | StateRule; readonly stale: Seconds | StateStale }
  /** Kept in an object store only, never in D1 or at the edge; its existence is checked again after `probe`. */
  | { readonly store: "object"; readonly fresh: Seconds; readonly probe: Seconds }
  | { readonly store: "never" };

/** The budget GitHub charges. It comes from the route, never from a response header. */
type Budget = "core" | "search" | "code_search" | "graphql";

interface RouteBase {
  /**
   * The reason why the same public resource differs between credentials. Output of the whole answer is then read with
   * the caller's own credentials, and the pool's answers serve only commands that use none of the differing fields.
   */
  readonly viewer?: string;
  /** Pooled answers are always cut to the public fields: a reader of this kind uses only those. */
  readonly publicFieldsOnly?: true;
  /**
   * One pattern, or several that are one kind of resource; none where no path names it. See grammar.ts for the
   * parameters.
   */
  readonly paths: readonly string[];
  /** May be answered up to {@link staleWhileRevalidateSeconds} past its fresh time while a refresh runs. */
  readonly swr?: true;
  /** The kind of object in its answers, one or many; answers of other routes hold the same objects. */
  readonly objects?: "job" | "run" | "pull" | "issue";
  /** Allowed up to the relay's larger body limit. */
  readonly large?: true;
  /** Needs `allow_logs`; the only routes whose redirect is followed. */
  readonly logs?: true;
  /** Needs `allow_search`. */
  readonly search?: true;
  /** `.diff` and `.patch` media types are allowed. */
  readonly diffMedia?: true;
  /** Absent means core. */
  readonly budget?: Budget;
  /** A pooled identity may fill it after all, when drafts are taken out before anything is stored. */
  readonly draftsRemoved?: true;
  /** The only query keys allowed. */
  readonly queryKeys?: readonly string[];
  /** Query keys whose values are restricted; absent keys are fine. */
  readonly queryValues?: Readonly<Record<string, readonly string[]>>;
  /** Query pairs that mean the same as their absence, beyond the first page of 30. */
  readonly queryDefaults?: Readonly<Record<string, string>>;
  /** Explicit default paging answers differently from none: it stays in the cache key. */
  readonly pagingMatters?: true;
}

/** A route that may be relayed says how long its answers live: without a policy it does not compile. */
export type RouteRow =
  | (RouteBase & { readonly class: Exclude<RouteClass, "native">; readonly cache: CachePolicy })
  | (RouteBase & { readonly class: "native"; readonly cache?: never });

/** How long past its fresh time an answer may be given while a refresh runs. */
export const staleWhileRevalidateSeconds: Seconds = 60;
