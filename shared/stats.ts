/** The answers of `GET /v1/pools/:pool/health` and `GET /v1/pools/:pool/stats`. */
import * as z from "zod";
import { gatePolicies } from "./events/gates.ts";

const count = z.number().int().nonnegative();

export const poolHealthPath = (pool: string) => `/v1/pools/${encodeURIComponent(pool)}/health`;
export const poolStatsPath = (pool: string) => `/v1/pools/${encodeURIComponent(pool)}/stats`;

/** The reasons why the state of a relay's events is unknown, and the operator's remedy. */
export const eventTroubles = {
  no_app_key: {
    what: "failed deliveries cannot be found: the relay has no App id and key that it can use",
    todo: "Set OCTOPOOL_GITHUB_APP_ID and POOL_APP_KEY: `npm run deploy` asks for both.",
  },
  app_refused: {
    what: "failed deliveries cannot be found: GitHub refuses the App",
    todo: "Check OCTOPOOL_GITHUB_APP_ID and the App's key, and that its webhook is active.",
  },
  github_unreachable: {
    what: "failed deliveries cannot be found: GitHub did not answer",
    todo: "The relay tries again every five minutes.",
  },
  events_unavailable: {
    what: "the state of events is unknown: their Durable Object does not answer",
    todo: "Answers live as long as their kind allows; `npx wrangler tail` shows why.",
  },
} as const;
const troubleNames = ["no_app_key", "app_refused", "github_unreachable", "events_unavailable"] as const;

const eventsHealthSchema = z.object({
  /**
   * `no_app_key`, `app_refused`, `github_unreachable`: GitHub's list of deliveries could not be read; null: all is
   * well.
   */
  trouble: z.enum(troubleNames).nullable(),
  /** ISO 8601, UTC; null: none so far. */
  last_delivery_at: z.string().nullable(),
  /** When GitHub's list of deliveries last agreed with the deliveries that the relay took. */
  verified_at: z.string().nullable(),
  /** Deliveries of the last day that failed, and those of them that never came. */
  failed: count,
  missing: count,
  /** Machines that listen to the relay, those of other pools too. */
  machines: count,
  families: z.array(
    z.object({
      family: z.string(),
      /**
       * `ok`: events arrive in time; `late`: 20 seconds or more in the last ten minutes; `blind`: no event for fifteen
       * minutes, or not verified.
       */
      state: z.enum(["ok", "late", "blind"]),
      /** Whether the App gets all events of the family. */
      subscribed: z.boolean(),
      last_at: z.string().nullable(),
      delay_ms: z.number().nullable(),
    }),
  ),
});
export type EventsHealth = z.infer<typeof eventsHealthSchema>;

export const poolHealthSchema = z.object({
  pool: z.string(),
  /** Without those that are disabled. */
  identities_total: count,
  /** Absent from older relays. */
  identities_disabled: count.optional(),
  /** Enabled identities that are not cooling down and have budget left. */
  identities_healthy: count,
  /** Requests left in the current windows, summed over the pool's budgets, by GitHub resource (`core`, `search`, …). */
  remaining_by_resource: z.record(z.string(), z.number().int()),
  reset_windows: z.array(
    z.object({
      /** `user:<login>` or `installation:<id>`: the owner of this rate limit. */
      budget: z.string(),
      /**
       * Ids of the pool's identities that it counts for, as `octopool admin identity list` has them. Absent from older
       * relays.
       */
      identities: z.array(z.string()).optional(),
      resource: z.string(),
      limit: count,
      remaining: z.number().int(),
      /** ISO 8601, UTC. */
      reset_at: z.string(),
    }),
  ),
  /** Failures of the last hour, most frequent first. */
  recent_errors: z.array(z.object({ code: z.string(), reason: z.string().nullable(), count, last_at: z.string() })),
  policy_version: count,
  /** The reads that others decide by for which events vouch. Absent from older relays. */
  gates: z.enum(gatePolicies).optional(),
  /** The webhook's deliveries to the relay; null where none is set up. Absent from older relays. */
  events: eventsHealthSchema.nullable().optional(),
});
export type PoolHealth = z.infer<typeof poolHealthSchema>;

/** GitHub's windows by resource, in milliseconds: an hour, but for searches. */
const windowMs = (resource: string): number => (/search/.test(resource) ? 60_000 : 3_600_000);

/**
 * When a rate limit is used up, if the rest of its window is spent as its beginning was.
 * @param now - milliseconds since the epoch
 * @returns milliseconds since the epoch; undefined when it lasts until it is reset, or is not known yet
 */
export function exhaustedAt(
  window: { readonly resource: string; readonly limit: number; readonly remaining: number; readonly reset_at: string },
  now: number,
): number | undefined {
  const { resource, limit, remaining, reset_at } = window;
  if (remaining <= 0) return now;
  const resetAt = Date.parse(reset_at);
  const elapsed = now - (resetAt - windowMs(resource));
  const used = limit - remaining;
  // The start of a window is too short for an estimate.
  if (used <= 0 || elapsed < windowMs(resource) / 60) return undefined;
  const at = now + remaining * (elapsed / used);
  return at < resetAt ? Math.round(at) : undefined;
}

const countersShape = {
  /** Authenticated relay requests. */
  requests: count,
  /** Answers with a 5xx of the relay's own. */
  service_errors: count,
  /** 424 answers: the caller used their own gh. */
  local_fallbacks: count,
  hits: count,
  stale: count,
  misses: count,
  bypass: count,
  revalidated: count,
  /** Misses answered by another request's fill; counted inside `misses` or `revalidated` as well, never as hits. */
  coalesced: count,
  /** GitHub requests, visibility checks included. A hit adds none. */
  github_calls: count,
};

const statsCountersSchema = z.object(countersShape);
export type StatsCounters = z.infer<typeof statsCountersSchema>;

/** Reads that a pool answered; coalesced ones are counted inside `misses` or `revalidated`. */
export function answeredReads({ hits, stale, misses, bypass, revalidated }: StatsCounters): number {
  return hits + stale + misses + bypass + revalidated;
}

/**
 * API calls saved: one call per answered read, as `gh` alone would make at least, less the calls that GitHub was sent,
 * visibility checks included. Below 0 where the checks cost more than the caches saved, so that the rows of a table add
 * up to its total. Everything that shows "API calls saved" means this.
 */
export function apiCallsSaved(counters: StatsCounters): number {
  return answeredReads(counters) - counters.github_calls;
}

export const poolStatsSchema = z.object({
  pool: z.string(),
  /** ISO 8601, UTC. */
  since: z.string(),
  until: z.string(),
  window_seconds: count,
  /** The `client` filter that was asked for. */
  client: z.string().nullable(),
  totals: z.object({
    ...countersShape,
    /** Of the hits: reads that others decide by, for which events vouched. Absent from older relays. */
    pushed: count.optional(),
    /** Requests that a cache could have answered: hits, stale, misses and revalidated. */
    eligible: count,
    /** (hits + stale) / requests, 0 to 1; 0 without requests. */
    hit_rate: z.number(),
    /** (hits + stale) / eligible. */
    eligible_hit_rate: z.number(),
  }),
  callers: z.array(z.object({ caller: z.string(), github_login: z.string(), ...countersShape })),
  clients: z.array(z.object({ client: z.string(), github_login: z.string(), ...countersShape })),
  /** Most used first, at most 20. */
  routes: z.array(z.object({ route_kind: z.string(), ...countersShape })),
  /** Most used first, at most 20; reads that belong to no repository are under none. Absent from older relays. */
  repositories: z.array(z.object({ repository: z.string(), ...countersShape })).optional(),
  /** The window in slots of the same length, silent ones included. Absent from older relays. */
  timeline: z
    .array(z.object({ from: z.string(), requests: count, github_calls: count, saved: z.number().int() }))
    .optional(),
  fallback_reasons: z.array(z.object({ reason: z.string(), count })),
  cache: z.object({ entries: count, bytes: count }),
});
export type PoolStats = z.infer<typeof poolStatsSchema>;
