/** The envelope around GitHub's bytes. */
import {
  bodyOffsetHeader,
  type CacheOutcome,
  type LeaseReason,
  type RelayEnvelopeHead,
} from "../../shared/envelope.ts";
import type { CacheEntry } from "../cache/entry.ts";
import type { Plan } from "./plan.ts";

export interface Reply {
  readonly entry: CacheEntry;
  readonly headers: Readonly<Record<string, string>>;
  readonly cache: CacheOutcome;
  readonly cacheable: boolean;
  readonly leaseReason: LeaseReason | null;
  readonly coalesced: boolean;
  readonly githubCalls: number;
}

const encoder = new TextEncoder();

export function envelopeResponse(plan: Plan, requestId: string, reply: Reply): Response {
  const head = `${JSON.stringify(headOf(plan, requestId, reply)).slice(0, -1)},"body":`;
  return new Response(`${head}${reply.entry.answer.body}}`, {
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      [bodyOffsetHeader]: String(encoder.encode(head).byteLength),
    },
  });
}

function headOf(plan: Plan, requestId: string, reply: Reply): RelayEnvelopeHead {
  const { entry, cache, cacheable } = reply;
  const { answer } = entry;
  const fromCache = cache === "hit" || cache === "stale";
  return {
    status: answer.status,
    headers: { ...reply.headers },
    body_encoding: answer.encoding,
    identity: answer.identity,
    relay: {
      pool: plan.pool,
      request_id: requestId,
      cacheable,
      cache,
      stale_ok: cache === "stale",
      route_kind: plan.classified.route.kind,
      lease_reason: reply.leaseReason,
      backend: fromCache ? "cache" : answer.backend,
      coalesced: reply.coalesced,
      cache_created_at: cacheable ? new Date(entry.createdAt).toISOString() : null,
      cache_expires_at: cacheable ? new Date(entry.expiresAt).toISOString() : null,
      github_calls: reply.githubCalls,
      ...(answer.reduced ? { reduced: true } : {}),
    },
  };
}
