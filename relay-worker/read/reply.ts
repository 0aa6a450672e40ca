/** The envelope around GitHub's bytes. */
import {
  bodyOffsetHeader,
  type CacheOutcome,
  type LeaseReason,
  type RelayEnvelopeHead,
} from "../../shared/envelope.ts";
import type { GatePolicy } from "../../shared/events/gates.ts";
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
  /** Events vouched for it. */
  readonly pushed?: true;
}

interface Envelope {
  readonly requestId: string;
  /** When it is answered, ms since the epoch. */
  readonly now: number;
  /** The relay sends events to machines. */
  readonly events: boolean;
  /** The reads for which the pool lets events vouch. */
  readonly gates: GatePolicy;
}

const encoder = new TextEncoder();

export function envelopeResponse(plan: Plan, envelope: Envelope, reply: Reply): Response {
  const body = encoder.encode(reply.entry.answer.body);
  const envelopeHead = headOf(plan, envelope, reply, body.byteLength);
  const head = encoder.encode(`${JSON.stringify(envelopeHead).slice(0, -1)},"body":`);
  const whole = new Uint8Array(head.byteLength + body.byteLength + 1);
  whole.set(head);
  whole.set(body, head.byteLength);
  whole[whole.byteLength - 1] = closingBrace;
  return new Response(whole, {
    headers: {
      "content-type": "application/json; charset=utf-8",
      "cache-control": "no-store",
      [bodyOffsetHeader]: String(head.byteLength),
    },
  });
}

const closingBrace = "}".charCodeAt(0);

function headOf(
  plan: Plan,
  { requestId, now, events, gates }: Envelope,
  reply: Reply,
  bodyLength: number,
): RelayEnvelopeHead {
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
      answered_at: new Date(now).toISOString(),
      body_length: bodyLength,
      ...(answer.reduced ? { reduced: true } : {}),
      ...(events ? { events: true } : {}),
      ...(answer.unsettled ? { unsettled: true } : {}),
      ...(reply.pushed ? { pushed: true } : {}),
      ...(events && gates !== "ask" ? { gates } : {}),
    },
  };
}
