/** `GET /v1/pools/:pool/stats`: what the audit trail says of a window, from its indexes. */
import { and, count, desc, eq, gte, isNotNull, max, sql } from "drizzle-orm";
import type { PoolStats, StatsCounters } from "../../shared/stats.ts";
import { database } from "../db/client.ts";
import { auditEvents, callers, githubCacheEntries } from "../db/schema.ts";
import type { RelayContext } from "../relay/context.ts";
import { flushAudit } from "./audit.ts";

export interface StatsRequest {
  readonly pool: string;
  readonly windowSeconds: number;
  readonly client: string | undefined;
}

const topRoutes = 20;
const topCallers = 100;

/** D1's batches give rows as objects by column name, so every column needs a name of its own. */
const times = (name: string, condition: ReturnType<typeof sql>) =>
  sql<number>`count(case when ${condition} then 1 end)`.as(name);
const cacheIs = (outcome: string, name: string) => times(name, sql`${auditEvents.cache} = ${outcome}`);

const counters = {
  requests: count().as("requests"),
  service_errors: times("service_errors", sql`${auditEvents.status} >= 500`),
  local_fallbacks: times("local_fallbacks", sql`${auditEvents.status} = 424`),
  hits: cacheIs("hit", "hits"),
  stale: cacheIs("stale", "stale"),
  misses: cacheIs("miss", "misses"),
  bypass: cacheIs("bypass", "bypass"),
  revalidated: cacheIs("revalidated", "revalidated"),
  coalesced: times("coalesced_answers", sql`${auditEvents.coalesced}`),
  github_calls: sql<number | null>`sum(${auditEvents.githubCalls})`.as("calls"),
};

/** The statements of one answer; exported so that their query plans can be looked at. */
export function statements({ deps, env }: RelayContext, { pool, windowSeconds, client }: StatsRequest) {
  const db = database(env);
  const since = deps.clock() - windowSeconds * 1000;
  const inWindow = and(
    eq(auditEvents.pool, pool),
    client === undefined ? undefined : eq(auditEvents.clientName, client),
    gte(auditEvents.at, since),
    eq(auditEvents.action, sql`'request'`),
  );
  const most = desc(count());
  return [
    db.select(counters).from(auditEvents).where(inWindow),
    db
      .select({ ...counters, caller: auditEvents.callerId, login: callers.githubLogin })
      .from(auditEvents)
      .leftJoin(callers, eq(callers.id, auditEvents.callerId))
      .where(inWindow)
      .groupBy(auditEvents.callerId)
      .orderBy(most)
      .limit(topCallers),
    db
      .select({ ...counters, client: auditEvents.clientName, login: callers.githubLogin })
      .from(auditEvents)
      .leftJoin(callers, eq(callers.id, auditEvents.callerId))
      .where(inWindow)
      .groupBy(auditEvents.callerId, auditEvents.clientName)
      .orderBy(most)
      .limit(topCallers),
    db
      .select({ ...counters, routeKind: auditEvents.routeKind })
      .from(auditEvents)
      .where(and(inWindow, isNotNull(auditEvents.routeKind)))
      .groupBy(auditEvents.routeKind)
      .orderBy(most)
      .limit(topRoutes),
    db
      .select({ reason: auditEvents.fallbackReason, count: count().as("times") })
      .from(auditEvents)
      .where(and(inWindow, isNotNull(auditEvents.fallbackReason)))
      .groupBy(auditEvents.fallbackReason)
      .orderBy(most),
    db
      .select({
        entries: count().as("entries"),
        bytes: sql<number | null>`sum(${githubCacheEntries.bytes})`.as("total"),
      })
      .from(githubCacheEntries)
      .where(eq(githubCacheEntries.pool, pool)),
  ] as const;
}

export async function poolStats(context: RelayContext, request: StatsRequest): Promise<PoolStats> {
  const { deps, env } = context;
  await flushAudit(deps, env);
  const [totals, byCaller, byClient, byRoute, reasons, cache] = await database(env).batch(statements(context, request));
  const now = deps.clock();
  return {
    pool: request.pool,
    since: new Date(now - request.windowSeconds * 1000).toISOString(),
    until: new Date(now).toISOString(),
    window_seconds: request.windowSeconds,
    client: request.client ?? null,
    totals: withRates(whole(totals[0])),
    callers: byCaller.map(({ caller, login, ...row }) => ({
      caller: caller ?? "",
      github_login: login ?? "",
      ...whole(row),
    })),
    clients: byClient.map(({ client, login, ...row }) => ({
      client: client ?? "",
      github_login: login ?? "",
      ...whole(row),
    })),
    routes: byRoute.map(({ routeKind, ...row }) => ({ route_kind: routeKind ?? "", ...whole(row) })),
    fallback_reasons: reasons.map(({ reason, count: times }) => ({ reason: reason ?? "", count: times })),
    cache: { entries: cache[0]?.entries ?? 0, bytes: cache[0]?.bytes ?? 0 },
  };
}

type Row = Omit<StatsCounters, "github_calls"> & { readonly github_calls: number | null };

const nothing: StatsCounters = {
  requests: 0,
  service_errors: 0,
  local_fallbacks: 0,
  hits: 0,
  stale: 0,
  misses: 0,
  bypass: 0,
  revalidated: 0,
  coalesced: 0,
  github_calls: 0,
};

/** A sum over nothing is null. */
function whole(row: Row = nothing): StatsCounters {
  return { ...row, github_calls: row.github_calls ?? 0 };
}

function withRates(totals: StatsCounters) {
  const served = totals.hits + totals.stale;
  const eligible = served + totals.misses + totals.revalidated;
  const share = (of: number) => (of === 0 ? 0 : served / of);
  return { ...totals, eligible, hit_rate: share(totals.requests), eligible_hit_rate: share(eligible) };
}

/** Failures of a span, most frequent first. */
export async function recentErrors({ deps, env }: RelayContext, pool: string, spanMs: number) {
  const times = count();
  const rows = await database(env)
    .select({
      code: auditEvents.errorCode,
      reason: auditEvents.fallbackReason,
      count: times,
      last: max(auditEvents.at),
    })
    .from(auditEvents)
    .where(
      and(eq(auditEvents.pool, pool), gte(auditEvents.at, deps.clock() - spanMs), isNotNull(auditEvents.errorCode)),
    )
    .groupBy(auditEvents.errorCode, auditEvents.fallbackReason)
    .orderBy(desc(times))
    .limit(20);
  return rows.map(({ code, reason, count: seen, last }) => ({
    code: code ?? "",
    reason,
    count: seen,
    last_at: new Date(last ?? 0).toISOString(),
  }));
}
