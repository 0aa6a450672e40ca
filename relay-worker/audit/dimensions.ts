/** The dimensions and counters by which the trail's requests are summed, shared by the fold and by the queries. */
import { type SQL, sql } from "drizzle-orm";
import type { DrizzleD1Database } from "drizzle-orm/d1";
import type { StatsCounters } from "../../shared/stats.ts";
import { auditEvents, type auditHours } from "../db/schema.ts";

export type Dimension = (typeof auditHours.$inferSelect)["dimension"];

/** `spared`: answers that caused no request to GitHub, so hits, stale answers and coalesced ones. */
export type Counts = StatsCounters & { readonly spared: number };

export interface Use extends Counts {
  readonly key: string;
  /** Of a client: the machine's name; its key is the caller's id. */
  readonly detail: string;
}

export type Folded = Use & { readonly dimension: Dimension };
type Hour = Counts & { readonly hour: number };

/** The sums of the folded hours from some hour on. It is valid until the roll-up changes. */
export interface FoldedPart {
  readonly until: number;
  readonly revision: number;
  readonly sums: readonly Folded[];
  readonly hours: readonly Hour[];
}

const times = (condition: string) => `count(case when ${condition} then 1 end)`;

const counters = {
  requests: "count(*)",
  service_errors: times("status >= 500"),
  local_fallbacks: times("status = 424"),
  hits: times("cache in ('hit', 'pushed')"),
  stale: times("cache = 'stale'"),
  misses: times("cache = 'miss'"),
  bypass: times("cache = 'bypass'"),
  revalidated: times("cache = 'revalidated'"),
  coalesced: times("coalesced"),
  github_calls: "coalesce(sum(github_calls), 0)",
  spared: times("cache in ('hit', 'pushed', 'stale') or coalesced"),
} as const satisfies Record<keyof Counts, string>;

/** The source of an answer: a cache, or GitHub by one of its ways. */
const source = `case when status = 424 then 'fallback' when status >= 400 then 'error' when cache in ('stale', 'pushed') then cache
  when coalesced then 'coalesced' when cache = 'revalidated' then 'revalidated' else coalesce(backend, 'none') end`;

const names = Object.keys(counters).join(", ");
export const counterNames: SQL = sql.raw(names);

/** Each column has a name of its own: D1's batches give rows as objects. */
const number = (name: string, counted: string) => sql<number>`${sql.raw(counted)}`.as(name);
const every = (counted: (name: keyof Counts) => string) => ({
  requests: number("requests", counted("requests")),
  service_errors: number("service_errors", counted("service_errors")),
  local_fallbacks: number("local_fallbacks", counted("local_fallbacks")),
  hits: number("hits", counted("hits")),
  stale: number("stale", counted("stale")),
  misses: number("misses", counted("misses")),
  bypass: number("bypass", counted("bypass")),
  revalidated: number("revalidated", counted("revalidated")),
  coalesced: number("coalesced", counted("coalesced")),
  github_calls: number("github_calls", counted("github_calls")),
  spared: number("spared", counted("spared")),
});

/** Adds counters up again. */
export const summed = every((name) => `sum(${name})`);

/**
 * Rows of the trail, grouped by all dimensions at once, so that each row is read a single time. The plus keeps SQLite
 * from walking through every pool's rows by their action.
 * @param slot the SQL expression for the time of a group
 */
export function groups(db: DrizzleD1Database, slot: SQL<number>, where: SQL) {
  return db
    .select({
      slot: slot.as("slot"),
      pool: sql<string>`pool`.as("pool"),
      caller: sql<string>`coalesce(caller_id, '')`.as("caller"),
      client: sql<string>`coalesce(client_name, '')`.as("client"),
      route: sql<string | null>`route_kind`.as("route"),
      repo: sql<string | null>`target`.as("repo"),
      reason: sql<string | null>`fallback_reason`.as("reason"),
      source: sql<string>`${sql.raw(source)}`.as("source"),
      ...every((name) => counters[name]),
    })
    .from(auditEvents)
    .where(sql`${where} and +action = 'request'`)
    .groupBy(sql`1, 2, 3, 4, 5, 6, 7, 8`);
}
