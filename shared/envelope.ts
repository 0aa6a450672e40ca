/** The relay's wire format: the request and answer of `POST /v1/github/request`. Parsed once, on arrival. */
import * as z from "zod";
import { fallbackReasons } from "./errors.ts";
import { gatePolicies } from "./events/gates.ts";

/** The path of the relay route on the relay's host. */
export const relayRequestPath = "/v1/github/request";

/** Largest request body the relay reads, in bytes. */
export const maxRequestBytes = 1024 * 1024;

/** Request headers that reach GitHub or steer the cache; every other one is dropped. */
export const forwardedHeaders = [
  "accept",
  "x-github-api-version",
  "if-none-match",
  "if-modified-since",
  "cache-control",
] as const;

/**
 * Bytes of path and query that GitHub is asked for at most. GitHub itself refuses much longer ones with 414; the real
 * gh runs a longer read.
 */
const longestTarget = 8_000;

/** Whether path and query, as they are sent to GitHub, are longer than {@link longestTarget}. */
export function tooLongToRelay(
  path: string,
  query: Readonly<Record<string, string | readonly string[]>> = {},
): boolean {
  const pairs = Object.entries(query).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value] as [string, string]),
  );
  return path.length + new URLSearchParams(pairs).toString().length > longestTarget;
}

const queryValue = z.union([z.string(), z.array(z.string())]);

export const relayRequestSchema = z.object({
  pool: z.string().min(1),
  method: z.string().min(1),
  path: z.string().min(1),
  query: z.record(z.string(), queryValue).optional(),
  headers: z.record(z.string(), z.string()).optional(),
  route_hint: z.string().optional(),
  /** Answers that GitHub gave before this moment are too old: ms since the epoch, by the relay's own clock. */
  not_before: z.number().int().nonnegative().optional(),
  /**
   * Others decide by the answer: with `cache-control: max-age=0`, an entry that events vouch for may answer where the
   * pool's policy says so.
   */
  gate: z.boolean().optional(),
  /** Accepted and ignored: kept for clients of the early contract, which may send it. */
  cache_key: z.string().optional(),
  /** Accepted and ignored, as `cache_key`. */
  idempotency_key: z.string().optional(),
});
/** One read, as a client asks the relay for it. */
export type RelayRequest = z.infer<typeof relayRequestSchema>;

export const bodyEncodings = ["json", "text", "base64"] as const;
const cacheOutcomes = ["hit", "stale", "miss", "bypass", "revalidated"] as const;
/** The audit trail distinguishes an answer from the cache that events vouched for. */
export const auditedOutcomes = [...cacheOutcomes, "pushed"] as const;
export const leaseReasons = ["sticky", "highest_remaining", "fallback"] as const;
export const identityKinds = ["pat", "github_app"] as const;

export type BodyEncoding = (typeof bodyEncodings)[number];
export type CacheOutcome = (typeof cacheOutcomes)[number];
export type LeaseReason = (typeof leaseReasons)[number];
export type IdentityKind = (typeof identityKinds)[number];

/** The names and values of headers that can be forwarded. */
const headerName = z.string().regex(/^[\w!#$%&'*+.^`|~-]+$/);
const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/);

const envelopeHeadShape = {
  /** GitHub's own status; its 4xx are carried inside a 200. */
  status: z.number().int().min(200).max(599),
  headers: z.record(headerName, headerValue),
  body_encoding: z.enum(bodyEncodings),
  /** The identity that filled the answer; null when no credential was used. */
  identity: z.object({ id: z.string(), kind: z.enum(identityKinds) }).nullable(),
  relay: z.object({
    pool: z.string(),
    request_id: z.string(),
    cacheable: z.boolean(),
    cache: z.enum(cacheOutcomes),
    stale_ok: z.boolean(),
    route_kind: z.string(),
    lease_reason: z.enum(leaseReasons).nullable(),
    /** The last source of the bytes: a pooled identity, GitHub without a credential, or its web host. */
    backend: z.enum(["github_identity", "github_anonymous", "github_web", "cache"]),
    coalesced: z.boolean(),
    /** ISO 8601, UTC; null for an answer that is not kept. */
    cache_created_at: z.string().nullable(),
    cache_expires_at: z.string().nullable(),
    /** GitHub requests that this answer cost (0 for a hit; visibility checks count). */
    github_calls: z.number().int().nonnegative().optional(),
    /** When the relay answered, by its own clock: ISO 8601, UTC. Ages of its other dates are computed from this one. */
    answered_at: z.string().optional(),
    /** Bytes of the value of `body`, as it stands in the envelope: a shorter or longer body is not the answer. */
    body_length: z.number().int().nonnegative().optional(),
    /**
     * The body was cut to fields that every caller may see: it has no validators and no links, so a list's next page is
     * unknown.
     */
    reduced: z.boolean().optional(),
    /** This relay sends events over a WebSocket (`GET /v1/events`). */
    events: z.boolean().optional(),
    /** The answer does not yet show an event that GitHub sent: it is GitHub's answer, and will soon change. */
    unsettled: z.boolean().optional(),
    /** A read that others decide by, answered from the cache because events vouched for it. */
    pushed: z.boolean().optional(),
    /** Where it is not `ask`: the reads for which the pool lets events vouch. */
    gates: z.enum(gatePolicies).optional().catch(undefined),
  }),
};

/** The envelope without its body, whose bytes are found by {@link bodyOffsetHeader}. */
export const relayEnvelopeHeadSchema = z.object(envelopeHeadShape);
export type RelayEnvelopeHead = z.infer<typeof relayEnvelopeHeadSchema>;

export const relayEnvelopeSchema = z.object({ ...envelopeHeadShape, body: z.unknown() });

/**
 * Response header with the byte of the envelope at which the value of `body` begins. `body` is always the last member,
 * so its bytes are `[offset, length - 1)`, and for `body_encoding: "json"` they are GitHub's own bytes: re-serialised
 * JSON would lose number forms, key order and integers above 2^53.
 */
export const bodyOffsetHeader = "x-octopool-body-offset";

export const errorBodySchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    request_id: z.string(),
    details: z.looseObject({ reason: z.enum(fallbackReasons).or(z.string()).optional() }).optional(),
  }),
});
/** The body of every refusal of the relay. */
export type ErrorBody = z.infer<typeof errorBodySchema>;
