/** `GET /v1/pools/:pool/stats`: a pool's requests in a window, and their cost. */
import { count, desc, inArray, max, sql } from "drizzle-orm";
import { apiCallsSaved, type PoolStats, type StatsCounters } from "../../shared/stats.ts";
import { flushAudit } from "../audit/write.ts";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { auditEvents, callers } from "../db/schema.ts";
import { cacheByRoute, totalsOf } from "./cache-size.ts";
import { slotSeconds, slotStarts } from "./slots.ts";
import { type Usage, usage } from "./usage.ts";

interface StatsRequest {
  readonly pool: string;
  readonly windowSeconds: number;
  readonly client: string | undefined;
}

const topRoutes = 20;
const topCallers = 100;

/** Never from memory: a request right after a read finds it counted. */
export async function poolStats(context: RelayContext, request: StatsRequest): Promise<PoolStats> {
  const { deps, env } = context;
  const { pool, windowSeconds, client } = request;
  await flushAudit(deps, env);
  const now = deps.clock();
  const [used, cache] = await Promise.all([
    usage(context, { pool, client, since: now - windowSeconds * 1000, slotMs: slotSeconds(windowSeconds) * 1000 }),
    cacheByRoute(context, pool),
  ]);
  return statsOf(context, request, now, used, totalsOf(cache));
}

/** The answer for the sums. */
export async function statsOf(
  context: RelayContext,
  { pool, windowSeconds, client }: StatsRequest,
  now: number,
  used: Usage,
  cache: PoolStats["cache"],
): Promise<PoolStats> {
  const byCaller = used.by("caller").slice(0, topCallers);
  const byClient = used.by("client").slice(0, topCallers);
  const logins = await loginsOf(
    context,
    [...byCaller, ...byClient].map(({ key }) => key),
  );
  return {
    pool,
    since: new Date(now - windowSeconds * 1000).toISOString(),
    until: new Date(now).toISOString(),
    window_seconds: windowSeconds,
    client: client ?? null,
    totals: { ...withRates(counters(used.totals)), pushed: pushedOf(used) },
    callers: byCaller.map((use) => ({ caller: use.key, github_login: logins.get(use.key) ?? "", ...counters(use) })),
    clients: byClient.map((use) => ({ client: use.detail, github_login: logins.get(use.key) ?? "", ...counters(use) })),
    routes: used
      .by("route")
      .slice(0, topRoutes)
      .map((use) => ({ route_kind: use.key, ...counters(use) })),
    repositories: used
      .by("repo")
      .slice(0, topRoutes)
      .map((use) => ({ repository: use.key, ...counters(use) })),
    timeline: timelineOf(used, now, windowSeconds),
    fallback_reasons: used.by("reason").map(({ key, requests }) => ({ reason: key, count: requests })),
    cache,
  };
}

function pushedOf(used: Usage): number {
  return used.by("source").find(({ key }) => key === "pushed")?.requests ?? 0;
}

/** Slots without a request are included, with zeros. */
function timelineOf({ slots }: Usage, now: number, windowSeconds: number): PoolStats["timeline"] {
  const starts = slotStarts(now - windowSeconds * 1000, now, slotSeconds(windowSeconds) * 1000);
  return starts.map((start) => {
    const counts = slots.get(start);
    const from = new Date(start).toISOString();
    if (counts === undefined) return { from, requests: 0, github_calls: 0, saved: 0 };
    return { from, requests: counts.requests, github_calls: counts.github_calls, saved: apiCallsSaved(counts) };
  });
}

/** People's names for callers' ids, as one statement whose parameters do not grow. */
export async function loginsOf({ env }: RelayContext, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(ids)].filter((id) => id !== "");
  if (wanted.length === 0) return new Map();
  const rows = await database(env)
    .select({ id: callers.id, login: callers.githubLogin })
    .from(callers)
    .where(inArray(callers.id, sql`(select value from json_each(${JSON.stringify(wanted)}))`));
  return new Map(rows.map(({ id, login }) => [id, login]));
}

function counters(use: StatsCounters): StatsCounters {
  const { requests, service_errors, local_fallbacks, hits, stale, misses, bypass, revalidated, coalesced } = use;
  const outcomes = { hits, stale, misses, bypass, revalidated, coalesced };
  return { requests, service_errors, local_fallbacks, ...outcomes, github_calls: use.github_calls };
}

function withRates(totals: StatsCounters) {
  const served = totals.hits + totals.stale;
  const eligible = served + totals.misses + totals.revalidated;
  const share = (of: number) => (of === 0 ? 0 : served / of);
  return { ...totals, eligible, hit_rate: share(totals.requests), eligible_hit_rate: share(eligible) };
}

/** Failures of a span, most frequent first. The condition repeats that of the index exactly. */
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
    .where(sql`pool = ${pool} and at >= ${deps.clock() - spanMs} and status >= 400 and error_code is not null`)
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
