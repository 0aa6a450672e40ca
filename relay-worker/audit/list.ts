/** The audit trail, newest first, page by page, along an index: other filters look at a bounded number of rows. */
import { and, desc, eq, gte, inArray, lt, lte, ne, or, type SQL, sql } from "drizzle-orm";
import type { SQLiteColumn } from "drizzle-orm/sqlite-core";
import type * as z from "zod";
import type { AuditEvent, auditPageSchema } from "../../shared/admin.ts";
import { OctopoolError } from "../../shared/errors.ts";
import type { RelayContext } from "../context.ts";
import { database } from "../db/client.ts";
import { auditEvents } from "../db/schema.ts";
import type { Env } from "../env.ts";
import type { PageInput } from "../http/input.ts";
import { flushAudit } from "./write.ts";

/** Things that operators change, by their names in the trail. */
const operatorActions = [
  "policy.set",
  "cache.purge",
  "identity.upsert",
  "identity.change",
  "identity.remove",
  "caller.create",
  "caller.disable",
  "caller.enable",
  "caller.grant_dashboard",
  "caller.withdraw_dashboard",
  "caller.forget",
  "token.revoke",
] as const;
export type OperatorAction = (typeof operatorActions)[number];

/** A wrong operator's token: no change, but listed among them, where operators look. */
export const deniedAction = "admin.denied";
const shownChanges = [...operatorActions, deniedAction];

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
  /** Operators' changes, and attempts at their token, only. */
  readonly changes?: boolean;
}

/** Rows that one page looks at; with filters that few rows match, it ends early and the next page goes on. */
export const walkedRows = 2000;

/** How a request ended: answered, left to the caller's own gh, or failed. */
export const auditResults = ["ok", "fallback", "error"] as const;
type AuditResult = (typeof auditResults)[number];

/** Partial indexes; each condition repeats that of the index exactly. */
const failed = sql`status >= 400`;
const changed = sql`action not in ('request', 'health', 'stats')`;

const same = (column: SQLiteColumn, wanted: string | undefined) =>
  wanted === undefined ? undefined : eq(column, wanted);

interface Place {
  readonly at: number;
  readonly id: number;
}

/** @throws OctopoolError invalid_request */
function placeOf(cursor: string | undefined): Place | undefined {
  if (cursor === undefined) return undefined;
  const [, at, id] = /^(\d{1,15})-(\d{1,15})$/.exec(cursor) ?? [];
  if (at !== undefined && id !== undefined) return { at: Number(at), id: Number(id) };
  throw new OctopoolError("invalid_request", `"${cursor.slice(0, 40)}" is no place in the audit trail.`, {
    hint: "Begin without a cursor, then use each page's next_cursor.",
  });
}

const cursorOf = ({ at, id }: Place): string => `${at}-${id}`;

/** Newest first; rows of the same millisecond by their number. */
const newestFirst = [desc(auditEvents.at), desc(auditEvents.id)] as const;

/** The rows that one index finds, in its order. The plus keeps other indexes out. */
function walkOf(filter: AuditFilter, place: Place | undefined): SQL | undefined {
  const { pool, client, action, result, changes, since } = filter;
  const isFailed = result === "fallback" || result === "error";
  const along = () => {
    if (changes) return changed;
    if (pool !== undefined && isFailed) return and(eq(auditEvents.pool, pool), failed);
    if (pool !== undefined) return and(eq(auditEvents.pool, pool), same(auditEvents.clientName, client));
    return same(auditEvents.action, action);
  };
  const older = place && [
    lte(auditEvents.at, place.at),
    or(lt(sql`+${auditEvents.at}`, place.at), lt(sql`+${auditEvents.id}`, place.id)),
  ];
  return and(along(), since === undefined ? undefined : gte(auditEvents.at, since), ...(older ?? []));
}

/** The filters apply only to the rows of the scan, so that they cannot choose another index. */
function filtersOf(walked: ReturnType<typeof walkAlong>, filter: AuditFilter): SQL | undefined {
  const resultIs: Readonly<Record<AuditResult, SQL | undefined>> = {
    ok: lt(walked.status, 400),
    fallback: eq(walked.status, 424),
    error: and(gte(walked.status, 400), ne(walked.status, 424)),
  };
  return and(
    same(walked.pool, filter.pool),
    same(walked.action, filter.action),
    same(walked.callerId, filter.caller),
    same(walked.clientName, filter.client),
    same(walked.routeKind, filter.route),
    same(walked.cache, filter.cache),
    filter.result && resultIs[filter.result],
    filter.changes ? inArray(walked.action, shownChanges) : undefined,
  );
}

function walkAlong(env: Env, walk: SQL | undefined) {
  return database(env)
    .select()
    .from(auditEvents)
    .where(walk)
    .orderBy(...newestFirst)
    .limit(walkedRows)
    .as("walked");
}

/** The statements of one page; exported so that their query plans can be looked at. */
function auditStatements({ env }: RelayContext, { limit, cursor }: PageInput, filter: AuditFilter) {
  const db = database(env);
  const walk = walkOf(filter, placeOf(cursor));
  const walked = walkAlong(env, walk);
  return {
    page: db
      .select()
      .from(walked)
      .where(filtersOf(walked, filter))
      .limit(limit + 1),
    /** The row at which the scan ended; undefined at the end of the trail. */
    end: db
      .select({ at: auditEvents.at, id: auditEvents.id })
      .from(auditEvents)
      .where(walk)
      .orderBy(...newestFirst)
      .limit(1)
      .offset(walkedRows - 1),
  };
}

/** @throws OctopoolError invalid_request for a cursor that no page gave */
export async function auditPage(
  context: RelayContext,
  page: PageInput,
  filter: AuditFilter,
): Promise<z.infer<typeof auditPageSchema>> {
  const statements = auditStatements(context, page, filter);
  await flushAudit(context.deps, context.env);
  const rows = await statements.page;
  const shown = rows.slice(0, page.limit);
  const last = rows.length > page.limit ? shown.at(-1) : await statements.end.get();
  return { events: shown.map(eventOf), next_cursor: last ? cursorOf(last) : null };
}

function eventOf(row: typeof auditEvents.$inferSelect): AuditEvent {
  return {
    id: String(row.id),
    at: new Date(row.at).toISOString(),
    request_id: row.requestId,
    action: row.action,
    pool: row.pool,
    caller: row.callerId,
    client: row.clientName,
    target: [row.routeKind, row.target, row.shape].filter((part) => part !== null).join(" ") || null,
    identity: row.identityId,
    status: row.status,
    error_code: row.errorCode,
    fallback_reason: row.fallbackReason,
    backend: row.backend,
    cache: row.cache,
    coalesced: row.coalesced,
    github_calls: row.githubCalls,
    duration_ms: row.durationMs,
  };
}
