/** The summed part of a dashboard: the same for every viewer, so an isolate keeps it for a moment. */

import { gte, sql } from "drizzle-orm";
import { bounded } from "../../../shared/bounded.ts";
import type { Dashboard } from "../../../shared/dashboard.ts";
import { flushAudit } from "../../audit/write.ts";
import type { RelayContext } from "../../context.ts";
import { database } from "../../db/client.ts";
import { githubPublicRepos } from "../../db/schema.ts";
import { memoryPart, type Remembered } from "../../memory.ts";
import { cacheByRoute, totalsOf } from "../../stats/cache-size.ts";
import { slotSeconds, slotStarts } from "../../stats/slots.ts";
import { statsOf } from "../../stats/stats.ts";
import { nothing, type Usage, usage } from "../../stats/usage.ts";
import { rankCallers } from "./callers.ts";
import { iso } from "./identities.ts";
import type { Aggregate } from "./remembered.ts";

/** `until` stays the time of the sums, which shows their age. */
const rememberedMs = 30_000;

/** The summed part of dashboards, by pool and window. */
const aggregates = memoryPart(
  () => bounded<Remembered<Aggregate>>(40),
  (kept) => kept.clear(),
);

const shownRoutes = 12;

export async function aggregate(context: RelayContext, pool: string, windowSeconds: number): Promise<Aggregate> {
  const { clock, memory } = context.deps;
  const key = `${windowSeconds} ${pool}`;
  const kept = aggregates(memory).get(key);
  const now = clock();
  if (kept && now - kept.loadedAt < rememberedMs) return kept.value;
  const value = await added(context, pool, windowSeconds, now);
  aggregates(memory).set(key, { value, loadedAt: now });
  return value;
}

async function added(context: RelayContext, pool: string, windowSeconds: number, now: number): Promise<Aggregate> {
  await flushAudit(context.deps, context.env);
  const since = now - windowSeconds * 1000;
  const slotMs = slotSeconds(windowSeconds) * 1000;
  const [used, cache, verdicts] = await Promise.all([
    usage(context, { pool, since, slotMs }),
    cacheByRoute(context, pool),
    liveProofs(context, now),
  ]);
  const byCaller = used.by("caller");
  const [stats, callers] = await Promise.all([
    statsOf(context, { pool, windowSeconds, client: undefined }, now, used, totalsOf(cache)),
    rankCallers(context, pool, byCaller),
  ]);
  return {
    since: iso(since),
    until: iso(now),
    stats,
    timeline: timelineOf(used, slotStarts(since, now, slotMs)),
    sources: used.by("source").map(({ key, requests }) => ({ source: key, count: requests })),
    cache: cache.slice(0, shownRoutes),
    callers,
    verdicts: Object.fromEntries(verdicts.map(({ verdict, count }) => [verdict, count])),
  };
}

/** Slots without a request are included, with zeros. */
function timelineOf({ slots }: Usage, starts: readonly number[]): Dashboard["timeline"] {
  const last = starts.at(-1) ?? 0;
  // A time that another machine's clock puts a little ahead counts as now.
  const ahead = [...slots].filter(([slot]) => slot > last).map(([, counts]) => counts);
  return starts.map((start) => {
    const parts = [slots.get(start) ?? nothing, ...(start === last ? ahead : [])];
    const sum = (name: keyof typeof nothing) => parts.reduce((total, each) => total + each[name], 0);
    const spent = { spent: sum("github_calls"), unchanged: sum("revalidated"), spared: sum("spared") };
    return { from: iso(start), requests: sum("requests"), ...spent, fallbacks: sum("local_fallbacks") };
  });
}

function liveProofs({ env }: RelayContext, now: number) {
  return database(env)
    .select({ verdict: githubPublicRepos.verdict, count: sql<number>`count(*)` })
    .from(githubPublicRepos)
    .where(gte(githubPublicRepos.expiresAt, now))
    .groupBy(githubPublicRepos.verdict);
}
