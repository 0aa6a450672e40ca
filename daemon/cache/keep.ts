/** From the relay's answer to the entry in this machine's memory. */
import type { EventTag } from "../../shared/events/tags.ts";
import { isObject, parseJson } from "../../shared/parse-json.ts";
import { routeByKind } from "../../shared/routes/table.ts";
import type { RelayAnswer } from "../relay/client.ts";
import { localClass, localSeconds, staleSeconds } from "./lifetimes.ts";
import type { Resource } from "./resource.ts";
import type { Kept } from "./store.ts";

/**
 * Times are carried over to this machine's clock by their distance from the relay's own. Its `date` has whole seconds,
 * so the real time may be a second later: an answer from its cache counts as that much older.
 */
export function keep(
  answer: RelayAnswer,
  resource: Resource,
  time: { began: number; now: number; live: boolean },
): Kept {
  const { head, body, relayNow } = answer;
  const { cache, cache_created_at, cache_expires_at, coalesced } = head.relay;
  const here = (iso: string | null) => (iso === null ? Number.NaN : time.now + Date.parse(iso) - relayNow - 1000);
  // A joined request may have begun before this one: use the earlier time. A live read joins only a later one.
  const begunBefore = answeredByCache(cache) || (coalesced && !time.live);
  const createdAt = begunBefore ? Math.min(orElse(here(cache_created_at), 0), time.now) : time.began;
  const relayUntil = orElse(here(cache_expires_at), time.now);
  const relayLifetime = Date.parse(cache_expires_at ?? "") - Date.parse(cache_created_at ?? "");
  const seconds = localSeconds[localClass(resource.kind, relayLifetime / 1000)];
  return {
    kind: resource.kind,
    repository: resource.repository,
    tags: [...resource.tags, ...tagsInside(resource, head.status, body)],
    status: head.status,
    headers: head.headers,
    body,
    ...(head.relay.unsettled && { unsettled: true as const }),
    ...(head.relay.reduced && !routeByKind.get(resource.kind)?.publicFieldsOnly && { reduced: true as const }),
    ...(head.identity && { identity: head.identity.id }),
    askedAt: time.began,
    createdAt,
    toldAt: orElse(Date.parse(cache_created_at ?? ""), 0),
    freshUntil: Math.min(relayUntil, time.now + seconds * 1000),
    staleUntil: relayUntil + staleSeconds(resource.kind) * 1000,
  };
}

/** The dependencies that the body itself shows. */
function tagsInside({ kind, tags }: Resource, status: number, body: Buffer): readonly EventTag[] {
  if (status !== 200) return [];
  if (kind === "run_view") return isInProgress(body) ? [] : tags.map((tag) => `${tag}:jobs`);
  if (kind !== "pr_view") return [];
  // Whether a pull request can be merged also changes with its base.
  const base = baseOf(parseJson(body.toString()));
  return base === undefined ? [] : [`base:${base}`];
}

/** A run in progress leaves that state by an event of its own. */
function isInProgress(body: Buffer): boolean {
  const run = parseJson(body.toString());
  return isObject(run) && run.status === "in_progress";
}

function baseOf(pull: unknown): string | undefined {
  const base = isObject(pull) ? pull.base : undefined;
  return isObject(base) && typeof base.ref === "string" ? base.ref : undefined;
}

function orElse(value: number, otherwise: number): number {
  return Number.isNaN(value) ? otherwise : value;
}

/**
 * Whole answers that the relay keeps too: never a refusal, an error, "still being computed", or older than an event.
 */
export function isKeepable({ head }: RelayAnswer): boolean {
  const { cacheable, cache, unsettled = false } = head.relay;
  return cacheable && head.status === 200 && cache !== "stale" && cache !== "bypass" && !unsettled;
}

export function answeredBy({ head }: RelayAnswer): "relay" | "github" {
  return answeredByCache(head.relay.cache) ? "relay" : "github";
}

export function answeredByCache(outcome: RelayAnswer["head"]["relay"]["cache"]): boolean {
  return outcome === "hit" || outcome === "stale";
}
