/** The audit trail, newest first, page by page. */
import { and, desc, eq, lt } from "drizzle-orm";
import type { z } from "zod";
import type { auditPageSchema } from "../../shared/admin.ts";
import { OctopoolError } from "../../shared/errors.ts";
import { database } from "../db/client.ts";
import { auditEvents } from "../db/schema.ts";
import type { RelayContext } from "../relay/context.ts";
import { flushAudit } from "../stats/audit.ts";
import type { Page } from "./parse.ts";

export interface AuditFilter {
  readonly pool?: string | undefined;
  readonly action?: string | undefined;
}

export async function auditPage(
  { deps, env }: RelayContext,
  { limit, cursor }: Page,
  { pool, action }: AuditFilter,
): Promise<z.infer<typeof auditPageSchema>> {
  if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) throw new OctopoolError("invalid_request", "Bad cursor.");
  await flushAudit(deps, env);
  const wanted = and(
    cursor === undefined ? undefined : lt(auditEvents.id, Number(cursor)),
    pool === undefined ? undefined : eq(auditEvents.pool, pool),
    action === undefined ? undefined : eq(auditEvents.action, action),
  );
  const rows = await database(env)
    .select()
    .from(auditEvents)
    .where(wanted)
    .orderBy(desc(auditEvents.id))
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
