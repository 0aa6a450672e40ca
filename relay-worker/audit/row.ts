/** One row of the audit trail before it is written: no body, no query value, no credential. */
import type { auditEvents } from "../db/schema.ts";

export type AuditRow = Omit<typeof auditEvents.$inferSelect, "id">;

/** A row without any facts yet. */
export function auditRow(at: number, action: string, requestId: string): AuditRow {
  return {
    at,
    action,
    requestId,
    pool: null,
    callerId: null,
    clientName: null,
    routeKind: null,
    target: null,
    shape: null,
    identityId: null,
    status: 200,
    errorCode: null,
    fallbackReason: null,
    backend: null,
    cache: null,
    coalesced: false,
    githubCalls: 0,
    durationMs: 0,
  };
}
