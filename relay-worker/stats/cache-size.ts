/** The content of a pool's cache, by route. */

import { desc, eq, sql } from "drizzle-orm";
import { bounded } from "../../shared/bounded.ts";
import type { Dashboard } from "../../shared/dashboard.ts";
import type { PoolStats } from "../../shared/stats.ts";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { githubCacheEntries } from "../db/schema.ts";
import { memoryPart, type Remembered } from "../memory.ts";

type Sizes = Dashboard["cache"];

const cacheSizes = memoryPart(
  () => bounded<Remembered<Sizes>>(40),
  (sizes) => sizes.clear(),
);

/**
 * D1 reads every entry for it, and bills each read: the result is remembered, so that an isolate reads at most a
 * hundred entries a second.
 */
export const msForEach = 10;

/** Biggest first. A cache of 10,000 entries is as it was up to 100 seconds ago. */
export async function cacheByRoute({ deps, env }: RelayContext, pool: string): Promise<Sizes> {
  const { clock, memory } = deps;
  const now = clock();
  const kept = cacheSizes(memory).get(pool);
  if (kept && now - kept.loadedAt < totalsOf(kept.value).entries * msForEach) return kept.value;
  const value = await database(env)
    .select({
      route_kind: githubCacheEntries.routeKind,
      entries: sql<number>`count(*)`,
      bytes: sql<number>`sum(${githubCacheEntries.bytes})`.as("total"),
      fresh: sql<number>`count(case when ${githubCacheEntries.expiresAt} > ${now} then 1 end)`,
    })
    .from(githubCacheEntries)
    .where(eq(githubCacheEntries.pool, pool))
    .groupBy(githubCacheEntries.routeKind)
    .orderBy(desc(sql`total`));
  cacheSizes(memory).set(pool, { value, loadedAt: now });
  return value;
}

export function totalsOf(sizes: Sizes): PoolStats["cache"] {
  return {
    entries: sizes.reduce((sum, { entries }) => sum + entries, 0),
    bytes: sizes.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}
