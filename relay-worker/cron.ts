/**
 * Every hour: folds the audit trail, and cleans in bounded batches along indexes. Remaining rows wait for the next
 * hour.
 */
import { and, eq, lt, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import { withoutOldMarks } from "./admin/pools.ts";
import { foldHours, maxHours } from "./audit/fold.ts";
import { attemptWindowMs } from "./auth/attempts.ts";
import { database } from "./db/client.ts";
import {
  auditEvents,
  auditHours,
  githubCacheEntries,
  githubPublicRepos,
  loginAttempts,
  pools,
  webSessions,
} from "./db/schema.ts";
import type { Deps } from "./deps.ts";
import type { Env } from "./env.ts";
import { logTrouble } from "./log.ts";

const day = 86_400_000;
export const auditDays = 30;
/** Rows of one statement, and statements of one table in one hour. */
export const batchRows = 1000;
export const maxBatches = 50;
/** A repository's validator outlives its proof for a while: asking again with it costs no budget. */
const proofMemoryMs = day;

interface Expiring {
  readonly table: SQLiteTable;
  readonly column: SQLiteColumn;
  readonly before: number;
}

/** @returns rows that were deleted */
export async function clean(deps: Deps, env: Env): Promise<number> {
  const now = deps.clock();
  // Before its rows are deleted; after a failure the next hour folds it, and until then the rows themselves are read.
  await foldHours(deps, env).catch((error: unknown) => logTrouble("the audit trail was not folded", error));
  const expiring: Expiring[] = [
    { table: githubCacheEntries, column: githubCacheEntries.staleUntil, before: now },
    { table: auditEvents, column: auditEvents.at, before: now - auditDays * day },
    { table: githubPublicRepos, column: githubPublicRepos.expiresAt, before: now - proofMemoryMs },
    { table: webSessions, column: webSessions.expiresAt, before: now },
    { table: loginAttempts, column: loginAttempts.windowStart, before: now - attemptWindowMs },
  ];
  let deleted = 0;
  for (const each of expiring) deleted += await deleteBatches(env, each);
  deleted += await deleteHours(env, now - auditDays * day);
  await dropOldMarks(env, now);
  return deleted;
}

async function deleteBatches(env: Env, { table, column, before }: Expiring): Promise<number> {
  let deleted = 0;
  for (let batch = 0; batch < maxBatches; batch += 1) {
    const old = sql`select rowid from ${table} where ${lt(column, before)} order by ${column} limit ${batchRows}`;
    const { meta } = await database(env).run(sql`delete from ${table} where rowid in (${old})`);
    deleted += meta.changes;
    if (meta.changes < batchRows) break;
  }
  return deleted;
}

/** An hour's rows at a time: the table has no row ids, and an hour is small. No window reaches so far back. */
async function deleteHours(env: Env, before: number): Promise<number> {
  const oldest = sql`(select min(hour) from ${auditHours})`;
  let deleted = 0;
  for (let hour = 0; hour < maxHours; hour += 1) {
    const { meta } = await database(env)
      .delete(auditHours)
      .where(and(eq(auditHours.hour, oldest), lt(auditHours.hour, before)));
    deleted += meta.changes;
    if (meta.changes === 0) break;
  }
  return deleted;
}

/** A kept log may be answered for a week; every entry ends earlier. */
const markDays = 8;

async function dropOldMarks(env: Env, now: number): Promise<void> {
  const db = database(env);
  for (const { name, purges } of await db.select().from(pools)) {
    const left = withoutOldMarks(purges, now - markDays * day);
    if (left !== purges)
      await db.update(pools).set({ purges: left }).where(sql`${pools.name} = ${name} and ${pools.purges} = ${purges}`);
  }
}
