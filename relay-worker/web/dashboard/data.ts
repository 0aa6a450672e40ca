/** Gathers what the dashboard shows: one batch of D1 statements over the audit's indexes, and the pool's snapshot. */
import { and, desc, eq, gte, inArray, sql } from "drizzle-orm";
import type { Dashboard, DashboardCaller } from "../../../shared/dashboard.ts";
import { auditPage } from "../../admin/audit.ts";
import { listCallers } from "../../admin/callers.ts";
import { listIdentities } from "../../admin/identities.ts";
import { listPools } from "../../admin/pools.ts";
import { database } from "../../db/client.ts";
import { auditEvents, githubCacheEntries, githubPublicRepos } from "../../db/schema.ts";
import { anonymousOwner } from "../../pool/contract.ts";
import type { RelayContext } from "../../relay/context.ts";
import { coordinatorOf } from "../../relay/coordinator.ts";
import { lookUp } from "../../relay/lookup.ts";
import { poolHealth } from "../../stats/health.ts";
import { poolStats } from "../../stats/stats.ts";
import { budgetsOf, iso, withPool } from "./identities.ts";
import type { DashboardQuery } from "./query.ts";

/** Points of the chart over time. */
const slots = 48;
const recentRequests = 25;
const recentChanges = 10;
const recentProofs = 12;
const maxCallers = 200;

export async function dashboard(context: RelayContext, query: DashboardQuery): Promise<Dashboard> {
  const { deps, env } = context;
  const { pool, windowSeconds, filter, cursor } = query;
  const now = deps.clock();
  const since = now - windowSeconds * 1000;
  // The health reads the pool as the relay does; the token of nobody finds no caller.
  const { pool: state } = await lookUp(deps, env, "", pool);
  const [health, stats, identities, callers, snapshot, pools] = await Promise.all([
    poolHealth(context, state),
    poolStats(context, { pool, windowSeconds, client: undefined }),
    listIdentities(context, pool),
    listCallers(context, { limit: maxCallers, cursor: undefined }, pool),
    coordinatorOf(env, pool).snapshot(),
    listPools(context),
  ]);
  const page = { limit: recentRequests, cursor };
  const [requests, changes, [timeline, sources, cache, verdicts, proofs]] = await Promise.all([
    auditPage(context, page, { pool, action: "request", since, ...filter }),
    auditPage(context, { limit: recentChanges, cursor: undefined }, { changes: true }),
    database(env).batch(statements(context, pool, since, windowSeconds)),
  ]);
  const countOf = (verdict: string) => verdicts.find((row) => row.verdict === verdict)?.count ?? 0;
  return {
    pool,
    pools: pools.pools.map((each) => each.pool),
    since: iso(since),
    until: iso(now),
    window_seconds: windowSeconds,
    health,
    stats,
    identities: withPool(identities, snapshot),
    anonymous: budgetsOf(anonymousOwner, snapshot),
    leases: snapshot.leases
      .filter(({ expires }) => expires > snapshot.now)
      .map(({ routeKey, identityId, expires }) => ({
        route: routeKey,
        identity: identityId,
        expires_at: iso(expires),
      })),
    fills: snapshot.fills.map(({ key, startedAt, followers }) => ({ key, started_at: iso(startedAt), followers })),
    timeline: everySlot(timeline, since, windowSeconds),
    sources: sources.map(({ source, count }) => ({ source: source ?? "none", count })),
    callers: withUse(callers.callers, stats.callers),
    cache: cache.map(({ routeKind, entries, bytes, fresh }) => ({ route_kind: routeKind, entries, bytes, fresh })),
    proofs: {
      public: countOf("public"),
      not_public: countOf("not_public"),
      moved: countOf("moved"),
      recent: proofs.map(({ repo, verdict, checkedAt, expiresAt }) => ({
        repo,
        verdict,
        checked_at: iso(checkedAt),
        expires_at: iso(expiresAt),
      })),
    },
    requests,
    changes: changes.events,
  };
}

const rows = sql<number>`count(*)`;

/** Every column has a name of its own: D1's batches give rows as objects. */
function statements({ deps, env }: RelayContext, pool: string, since: number, windowSeconds: number) {
  const db = database(env);
  const now = deps.clock();
  const slotMs = (windowSeconds * 1000) / slots;
  const asked = and(eq(auditEvents.pool, pool), gte(auditEvents.at, since), eq(auditEvents.action, sql`'request'`));
  // What happened in this very millisecond belongs to the last slot.
  const slot = sql<number>`min(${slots - 1}, cast((${auditEvents.at} - ${since}) / ${slotMs} as integer))`;
  const spared = sql`(${auditEvents.cache} in ('hit', 'stale') or ${auditEvents.coalesced})`;
  return [
    db
      .select({
        slot: slot.as("slot"),
        requests: rows.as("asked"),
        spent: sql<number>`sum(${auditEvents.githubCalls})`.as("spent"),
        spared: sql<number>`count(case when ${spared} then 1 end)`.as("spared"),
        fallbacks: sql<number>`count(case when ${auditEvents.status} = 424 then 1 end)`.as("fallbacks"),
      })
      .from(auditEvents)
      .where(asked)
      .groupBy(sql`slot`),
    db
      .select({
        source: sql<string>`case
          when ${auditEvents.status} = 424 then 'fallback'
          when ${auditEvents.status} >= 400 then 'error'
          when ${auditEvents.cache} = 'stale' then 'stale'
          when ${auditEvents.coalesced} then 'coalesced'
          when ${auditEvents.cache} = 'revalidated' then 'revalidated'
          else coalesce(${auditEvents.backend}, 'none') end`.as("source"),
        count: rows.as("times"),
      })
      .from(auditEvents)
      .where(asked)
      .groupBy(sql`source`),
    db
      .select({
        routeKind: githubCacheEntries.routeKind,
        entries: rows.as("entries"),
        bytes: sql<number>`sum(${githubCacheEntries.bytes})`.as("total"),
        fresh: sql<number>`count(case when ${githubCacheEntries.expiresAt} > ${now} then 1 end)`.as("fresh"),
      })
      .from(githubCacheEntries)
      .where(eq(githubCacheEntries.pool, pool))
      .groupBy(githubCacheEntries.routeKind)
      .orderBy(desc(sql`total`))
      .limit(12),
    db
      .select({ verdict: githubPublicRepos.verdict, count: rows.as("times") })
      .from(githubPublicRepos)
      .where(gte(githubPublicRepos.expiresAt, now))
      .groupBy(githubPublicRepos.verdict),
    db
      .select()
      .from(githubPublicRepos)
      .where(inArray(githubPublicRepos.verdict, ["public", "not_public", "moved"]))
      .orderBy(desc(githubPublicRepos.expiresAt))
      .limit(recentProofs),
  ] as const;
}

type SlotRow = { slot: number; requests: number; spent: number | null; spared: number; fallbacks: number };

/** Silence is part of the picture: slots without a request are there, with zeros. */
function everySlot(found: readonly SlotRow[], since: number, windowSeconds: number): Dashboard["timeline"] {
  const bySlot = new Map(found.map((row) => [row.slot, row]));
  return Array.from({ length: slots }, (_, slot) => {
    const { requests = 0, spent = 0, spared = 0, fallbacks = 0 } = bySlot.get(slot) ?? {};
    const from = iso(since + (slot * windowSeconds * 1000) / slots);
    return { from, requests, spent: spent ?? 0, spared, fallbacks };
  });
}

function withUse(
  known: Awaited<ReturnType<typeof listCallers>>["callers"],
  used: Dashboard["stats"]["callers"],
): DashboardCaller[] {
  return known
    .map(({ id, github_login, disabled, dashboard_role: role = null, tokens }) => {
      const use = used.find(({ caller }) => caller === id);
      return {
        id,
        github_login,
        disabled,
        dashboard_role: role,
        machines: tokens.length,
        requests: use?.requests ?? 0,
        hits: use ? use.hits + use.stale : 0,
        fallbacks: use?.local_fallbacks ?? 0,
        github_calls: use?.github_calls ?? 0,
      };
    })
    .toSorted((a, b) => b.requests - a.requests);
}
