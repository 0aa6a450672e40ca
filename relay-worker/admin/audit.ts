/** The audit trail, newest first, page by page. */
import { and, desc, eq, gte, inArray, lt, ne, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type { z } from "zod";
import type { auditPageSchema } from "../../shared/admin.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { database } from "../db/client.ts";
import { auditEvents } from "../db/schema.ts";
import type { RelayContext } from "../relay/context.ts";
import { flushAudit } from "../stats/audit.ts";
import type { Page } from "./parse.ts";

/** What operators change, by its name in the trail. */
export const operatorActions = [
  "policy.set",
  "cache.purge",
  "identity.upsert",
  "identity.change",
  "caller.create",
  "caller.disable",
  "caller.enable",
  "caller.grant_dashboard",
  "caller.withdraw_dashboard",
  "token.revoke",
] as const;
export type OperatorAction = (typeof operatorActions)[number];

export interface AuditFilter {
  readonly pool?: string | undefined;
  readonly action?: string | undefined;
  readonly caller?: string | undefined;
  readonly client?: string | undefined;
  /** Route kind. */
  readonly route?: string | undefined;
  /** Cache outcome. */
  readonly cache?: string | undefined;
  readonly result?: AuditResult | undefined;
  /** Not before this, ms since the epoch. */
  readonly since?: number;
  /** Operators' changes only. */
  readonly changes?: boolean;
}

/** How a request ended: answered, left to the caller's own gh, or failed. */
export const auditResults = ["ok", "fallback", "error"] as const;
export type AuditResult = (typeof auditResults)[number];

const resultIs: Readonly<Record<AuditResult, SQL | undefined>> = {
  ok: lt(auditEvents.status, 400),
  fallback: eq(auditEvents.status, 424),
  error: and(gte(auditEvents.status, 400), ne(auditEvents.status, 424)),
};

const same = (column: SQLiteColumn, wanted: string | undefined) =>
  wanted === undefined ? undefined : eq(column, wanted);

export async function auditPage(
  { deps, env }: RelayContext,
  { limit, cursor }: Page,
  filter: AuditFilter,
): Promise<z.infer<typeof auditPageSchema>> {
  if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw new OctopoolError("invalid_request", "Bad cursor.");
  await flushAudit(deps, env);
  const wanted = and(
    cursor === undefined ? undefined : lt(auditEvents.id, Number(cursor)),
    same(auditEvents.pool, filter.pool),
    same(auditEvents.action, filter.action),
    same(auditEvents.callerId, filter.caller),
    same(auditEvents.clientName, filter.client),
    same(auditEvents.routeKind, filter.route),
    same(auditEvents.cache, filter.cache),
    filter.result && resultIs[filter.result],
    filter.since === undefined ? undefined : gte(auditEvents.at, filter.since),
    filter.changes ? inArray(auditEvents.action, operatorActions) : undefined,
  );
  const rows = await database(env)
    .select()
    .from(auditEvents)
    .where(wanted)
    // Changes are few among many requests: the plus keeps SQLite from walking through all of them in order of id.
    .orderBy(filter.changes ? sql`+${auditEvents.id} desc` : desc(auditEvents.id))
    .limit(limit + 1);
  const page = rows.slice(0, limit);
  return {
    events: page.map((row) => ({
      id: String(row.id),
      at: new Date(row.at).toISOString(),
      request_id: row.requestId,
      action: row.action,
      pool: row.pool,
      caller: row.callerId,
      client: row.clientName,
      target: [row.routeKind, row.target].filter((part) => part !== null).join(" ") || null,
      identity: row.identityId,
      status: row.status,
      error_code: row.errorCode,
      fallback_reason: row.fallbackReason,
      backend: row.backend,
      cache: row.cache,
      coalesced: row.coalesced,
      github_calls: row.githubCalls,
      duration_ms: row.durationMs,
    })),
    next_cursor: rows.length > limit ? String(page.at(-1)?.id ?? "") || null : null,
  };
}
