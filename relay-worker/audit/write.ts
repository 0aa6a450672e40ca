/**
 * The audit trail: one row for each authenticated request and each operator's change. Rows gather in memory and go to
 * D1 in one statement, in the background; a row holds no body, no query value and no credential.
 */

import { sql } from "drizzle-orm";
import { database } from "../db/client.ts";
import { runTogether } from "../db/raw.ts";
import { auditEvents, callerTokens } from "../db/schema.ts";
import type { Deps } from "../deps.ts";
import type { Env } from "../env.ts";
import { type Gathering, gather } from "../gather.ts";
import { logTrouble } from "../log.ts";
import { memoryPart } from "../memory.ts";
import { foldAgain } from "./fold.ts";
import type { AuditRow } from "./row.ts";

/** How long the first row of a batch waits for more rows, ms. */
export const gatherMs = 200;
/** Rows of one statement; D1 takes 100 kB of SQL but 2 MB a value, and rows travel as one JSON value. */
export const batchRows = 500;
/** A burst that outruns D1 loses its oldest rows rather than the isolate's memory. */
const maxRows = 10_000;

interface AuditBatch extends Gathering {
  rows: AuditRow[];
  /** Token ids whose last use is to be written with the rows, and that use (ms since the epoch). */
  readonly usedTokens: Map<string, number>;
}

/** Rows that wait to be written. */
export const auditBatch = memoryPart<AuditBatch>(() => ({ rows: [], usedTokens: new Map(), since: undefined }));

/** Adds a row and schedules its write. `background` must keep the Worker alive. */
export function audit(deps: Deps, env: Env, background: (work: Promise<unknown>) => void, row: AuditRow): void {
  const batch = auditBatch(deps.memory);
  if (batch.rows.length >= maxRows) batch.rows.shift();
  batch.rows.push(row);
  gather(deps, background, batch, gatherMs, () => flushAudit(deps, env));
}

/** Writes all waiting rows. */
export async function flushAudit(deps: Deps, env: Env): Promise<void> {
  const batch = auditBatch(deps.memory);
  const rows = batch.rows;
  const used = [...batch.usedTokens];
  batch.rows = [];
  batch.usedTokens.clear();
  const db = database(env);
  try {
    for (let at = 0; at < rows.length; at += batchRows) await writeRows(deps, env, rows.slice(at, at + batchRows));
    if (used.length > 0) await db.run(touchTokens(used));
  } catch (error) {
    logTrouble(`${rows.length} audit rows were lost`, error);
  }
}

/** A row that comes after its hour was folded folds it again, in the same batch: statistics never miss it. */
async function writeRows({ clock }: Deps, env: Env, rows: readonly AuditRow[]): Promise<void> {
  const ats = rows.map(({ at }) => at);
  await runTogether(env, [insertRows(rows), ...foldAgain(env, ats, clock())]);
}

/** An isolate may still remember a caller that an operator deleted: its rows must not name them. */
function insertRows(rows: readonly AuditRow[]) {
  const field = (name: keyof AuditRow) => sql`value ->> ${sql.raw(`'$.${name}'`)}`;
  const forgotten = sql`select target from audit_events where action = 'caller.forget'`;
  const unlessForgotten = (name: keyof AuditRow) =>
    sql`iif(${field("callerId")} in (${forgotten}), null, ${field(name)})`;
  return sql`insert into ${auditEvents} (at, action, request_id, pool, caller_id, client_name, route_kind, target,
    shape, identity_id, status, error_code, fallback_reason, backend, cache, coalesced, github_calls, duration_ms)
    select ${field("at")}, ${field("action")}, ${field("requestId")}, ${field("pool")}, ${unlessForgotten("callerId")},
    ${unlessForgotten("clientName")}, ${field("routeKind")}, ${field("target")}, ${field("shape")}, ${field("identityId")}, ${field("status")},
    ${field("errorCode")}, ${field("fallbackReason")}, ${field("backend")}, ${field("cache")}, ${field("coalesced")},
    ${field("githubCalls")}, ${field("durationMs")} from json_each(${JSON.stringify(rows)})`;
}

function touchTokens(used: readonly (readonly [string, number])[]) {
  return sql`update ${callerTokens} set last_used_at = max(last_used_at, (
      select value ->> '$[1]' from json_each(${JSON.stringify(used)}) where value ->> '$[0]' = ${callerTokens.id}))
    where id in (select value ->> '$[0]' from json_each(${JSON.stringify(used)}))`;
}
