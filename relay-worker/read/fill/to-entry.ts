/** From GitHub's response to the entry that is answered, and kept as long as its kind allows. */
import { fallbackLocal } from "../../../shared/errors.ts";
import { parseJson } from "../../../shared/parse-json.ts";
import { fileKinds, lifetimeOf } from "../../../shared/routes/index.ts";
import type { CacheEntry } from "../../cache/entry.ts";
import type { GitHubResponse } from "../../github/call-github.ts";
import { type EncodedBody, encodeBody } from "../../github/encode-body.ts";
import { allowedResponseHeaders, withoutClaims, withoutMomentary } from "../../github/headers.ts";
import { isCut, reduceBody } from "../../github/reduce/index.ts";
import { staysInSearchedRepository } from "../../guard/search-scope.ts";
import type { Identity } from "../../pools/definition.ts";
import { isConditional } from "../plan.ts";
import { confirmedByHash } from "./predict.ts";
import type { Answered } from "./read.ts";
import type { Work } from "./work.ts";

/** Long enough to stop a stampede on a missing resource, short enough to see soon that one appears. */
export const notFoundMs = 5_000;

/** An answer to a query with fields that others decide by is never older, in seconds. */
const mostGateSeconds = 5;

export interface Settled {
  readonly entry: CacheEntry;
  /** Momentary headers, for the caller whose read caused the request. */
  readonly headers: Readonly<Record<string, string>>;
  readonly cache: "miss" | "revalidated" | "bypass";
  /** It may be kept. */
  readonly keep: boolean;
}

interface Circumstances {
  readonly identity: Identity | null;
  /** The run attempt of a job list was seen completed. */
  readonly attemptCompleted?: boolean;
  /** The head that the caller's hint names is the pull request's. */
  readonly headVerified?: boolean;
  /** The job whose log this is was seen completed, and there is a place to keep the log. */
  readonly logFinal?: boolean;
}

/** @throws OctopoolError fallback_local for an answer that must not be shown to the caller */
export function settle(work: Work, answered: Answered, circumstances: Circumstances): Settled {
  const { response } = answered;
  const conditional = isConditional(work.plan);
  if (response.status === 304 && work.entry && !conditional)
    return confirmed(work, work.entry, answered, circumstances);
  const success = response.status >= 200 && response.status < 300;
  const isFile = fileKinds.has(work.plan.classified.route.kind);
  const encoded = encodeBody(response.body, response.headers.get("content-type") ?? "", { isFile });
  const reduced = success ? reduce(work, encoded) : { body: encoded.body, changed: false };
  const allowed = allowedResponseHeaders(response.headers);
  const headers = reduced.changed ? withoutClaims(allowed) : allowed;
  const { identity } = circumstances;
  const entry: CacheEntry = {
    ...subject(work, answered),
    answer: {
      status: response.status,
      headers: withoutMomentary(success ? headers : withoutClaims(headers)),
      encoding: encoded.encoding,
      body: reduced.body,
      reduced: reduced.changed,
      backend: answered.backend,
      identity: identity ? { id: identity.id, kind: identity.kind } : null,
    },
    // A 404 is asked again without conditions, by us and by the caller that gets it from here: GitHub would confirm it
    // where an unconditional read might find the resource.
    etag: answered.backend === "github_web" || !success ? null : response.headers.get("etag"),
    ...lifetime(work, response, encoded.parsed, answered.askedAt, circumstances),
  };
  const asked = confirmedByHash.has(response) ? "revalidated" : "miss";
  const cache = conditional || neverStored(work) ? "bypass" : asked;
  return { entry, headers, cache, keep: cache !== "bypass" && entry.expiresAt > entry.createdAt };
}

/** GitHub confirms the held entry. A 304 has no Link header: the held one stays. */
function confirmed(work: Work, held: CacheEntry, answered: Answered, circumstances: Circumstances): Settled {
  const parsed = held.answer.encoding === "json" ? parseJson(held.answer.body) : undefined;
  const lasting = lifetime(
    work,
    { ...answered.response, status: held.answer.status },
    parsed,
    answered.askedAt,
    circumstances,
  );
  const { staleUntil } = work.plan.classified.route.logs ? held : lasting;
  const entry = { ...held, ...subject(work, answered), ...lasting, staleUntil };
  const momentary = withoutClaims(allowedResponseHeaders(answered.response.headers));
  const headers = { ...momentary, ...held.answer.headers };
  return { entry, headers, cache: "revalidated", keep: true };
}

function subject(work: Work, answered: Answered) {
  return {
    key: work.plan.key,
    routeKind: work.plan.classified.route.kind,
    repo: work.plan.repo,
    createdAt: answered.askedAt,
    provenAt: answered.proof?.checkedAt ?? 0,
  };
}

function reduce(work: Work, encoded: EncodedBody): { body: string; changed: boolean } {
  const { plan } = work;
  if (encoded.encoding !== "json") {
    // A body that cannot be parsed cannot be shortened.
    if (isCut(plan.classified.route.kind)) {
      throw fallbackLocal("local_credentials_required", "The form of GitHub's answer depends on the credential.");
    }
    return { body: encoded.body, changed: false };
  }
  if (plan.classified.route.search && plan.repo !== "" && !staysInSearchedRepository(encoded.parsed, plan.repo)) {
    throw fallbackLocal("search_denied", "The search found more than the repository it names.");
  }
  return reduceBody(plan.classified.route.kind, encoded.body, encoded.parsed);
}

/** The kinds that are stored outside the response cache, or not at all. */
function neverStored(work: Work): boolean {
  const { cache } = work.plan.classified.route;
  return cache === undefined || ("store" in cache && cache.store === "never");
}

function lifetime(
  work: Work,
  { status }: Pick<GitHubResponse, "status">,
  parsed: unknown,
  now: number,
  circumstances: Circumstances,
): { expiresAt: number; staleUntil: number } {
  if (status === 404) return { expiresAt: now + notFoundMs, staleUntil: now + notFoundMs };
  const { cache } = work.plan.classified.route;
  if (cache && "store" in cache && cache.store === "object" && status === 200 && circumstances.logFinal) {
    return { expiresAt: now + cache.probe * 1000, staleUntil: now + cache.fresh * 1000 };
  }
  // 202: GitHub is still computing, and an empty answer of that kind must not be kept.
  const lasting =
    status >= 200 && status < 300 && status !== 202
      ? lifetimeOf(work.plan.classified, parsed, { now, unsettled: work.settings.unsettledSeconds, ...circumstances })
      : undefined;
  if (!lasting) return { expiresAt: now, staleUntil: now };
  const fresh = work.plan.graphql?.gate
    ? Math.min(lasting.fresh, work.settings.unsettledSeconds, mostGateSeconds)
    : lasting.fresh;
  const expiresAt = now + fresh * 1000;
  return { expiresAt, staleUntil: expiresAt + lasting.stale * 1000 };
}
