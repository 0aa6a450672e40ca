/** Deletes a caller, and removes from the audit trail the data that identifies them. */

import { and, between, eq, getTableColumns, inArray, or, type SQL, sql } from "drizzle-orm";
import type * as z from "zod";
import type { forgetCallerAnswerSchema } from "../../shared/admin.ts";
import { type ChangeContext, changeRow } from "../audit/changes.ts";
import { flushAudit } from "../audit/write.ts";
import { unprovenCallers } from "../auth/remembered.ts";
import { database } from "../db/client.ts";
import {
  auditEvents,
  auditFolds,
  auditHours,
  callerPools,
  callers,
  callerTokens,
  pools,
  webSessions,
} from "../db/schema.ts";
import type { Env } from "../env.ts";
import { findCaller } from "./callers.ts";

/** Rows of the trail that one statement looks at: it has no index by caller, and is walked along its key. */
export const scrubRows = 20_000;

/**
 * Deletes a caller with tokens, grants and browser sessions. Their requests stay in the audit trail and its hourly
 * sums, without a caller. The trail is changed first: if the work is interrupted, the caller still exists and the
 * operator can repeat it.
 * @throws OctopoolError not_found
 */
export async function forgetCaller(
  context: ChangeContext,
  id: string,
): Promise<z.infer<typeof forgetCallerAnswerSchema>> {
  const { deps, env } = context;
  const db = database(env);
  await findCaller(context, id);
  await flushAudit(deps, env);
  const scrubbed = await scrubTrail(env, id);
  const summed = hoursOf(id);
  await db.batch([
    changeRow(context, { action: "caller.forget", pool: null, target: id }),
    addToNobody(env, summed),
    db.delete(auditHours).where(summed),
    // Isolates that remember sums read them again.
    db.update(auditFolds).set({ revision: sql`${auditFolds.revision} + 1` }),
    db.delete(webSessions).where(eq(webSessions.callerId, id)),
    db.delete(callerTokens).where(eq(callerTokens.callerId, id)),
    db.delete(callerPools).where(eq(callerPools.callerId, id)),
    db.delete(callers).where(eq(callers.id, id)),
  ]);
  deps.memory.forget();
  unprovenCallers(deps.memory).delete(id);
  return { id, audit_events: scrubbed };
}

/** @returns rows that named the caller */
async function scrubTrail(env: Env, callerId: string): Promise<number> {
  const db = database(env);
  const end = (name: "min" | "max") => sql<number | null>`(select ${sql.raw(name)}(id) from audit_events)`.as(name);
  const [span] = await db.select({ first: end("min"), last: end("max") }).from(sql`(select 1)`);
  const asked = eq(auditEvents.callerId, callerId);
  // A revoked token is named by its machine, which may be named after its owner.
  const revoked = and(
    eq(auditEvents.action, "token.revoke"),
    sql`${auditEvents.target} like ${`${callerId} %`}`,
  ) as SQL;
  let scrubbed = 0;
  for (let from = span?.first ?? 1; from <= (span?.last ?? 0); from += scrubRows) {
    const step = between(auditEvents.id, from, from + scrubRows - 1);
    const { meta } = await db
      .update(auditEvents)
      .set({
        callerId: sql`case when ${asked} then null else ${auditEvents.callerId} end`,
        clientName: sql`case when ${asked} then null else ${auditEvents.clientName} end`,
        target: sql`case when ${revoked} then ${callerId} else ${auditEvents.target} end`,
      })
      .where(and(step, or(asked, revoked)));
    scrubbed += meta.changes;
  }
  return scrubbed;
}

/** The caller's rows among the hourly sums, along their key: of each pool, those by caller and by machine. */
const hoursOf = (callerId: string): SQL | undefined =>
  and(
    sql`${auditHours.pool} in (select ${pools.name} from ${pools})`,
    inArray(auditHours.dimension, ["caller", "client"]),
    eq(auditHours.key, callerId),
  );

/** The same result as folding the changed rows again: rows without a caller are summed under an empty key. */
function addToNobody(env: Env, summed: SQL | undefined) {
  const { pool, dimension, hour, key, detail, ...counters } = getTableColumns(auditHours);
  const sums = Object.values(counters).map((column) => sql`sum(${column})`);
  const added = Object.entries(counters).map(([name, column]) => [
    name,
    sql.raw(`${column.name} + excluded.${column.name}`),
  ]);
  const chosen = sql.join([pool, dimension, hour, sql`''`, sql`''`, ...sums], sql`, `);
  return database(env)
    .insert(auditHours)
    .select(sql`select ${chosen} from ${auditHours} where ${summed} group by ${pool}, ${dimension}, ${hour}`)
    .onConflictDoUpdate({ target: [pool, dimension, hour, key, detail], set: Object.fromEntries(added) });
}
