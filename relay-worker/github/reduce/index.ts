/**
 * Reductions: fields that depend on the credential of the request are removed from a body before it is stored or
 * answered. A body that needs none stays GitHub's own bytes.
 */
import { fallbackLocal } from "../../../shared/errors.ts";
import type { RouteKind } from "../../../shared/routes/index.ts";
import { isObject, losslessParse } from "./lossless.ts";
import { hideNonPublic, publicRepository } from "./repositories.ts";

/** The public profile; `user_view_type` and a plan, disk use or two-factor state would reveal the identity. */
export const profileFields: ReadonlySet<string> = new Set(
  `login id node_id avatar_url gravatar_id url html_url followers_url following_url gists_url starred_url
  subscriptions_url organizations_url repos_url events_url received_events_url type site_admin name company blog
  location email hireable bio twitter_username public_repos public_gists followers following created_at
  updated_at`.split(/\s+/),
);

const reductions: Partial<Record<RouteKind, (body: unknown) => unknown>> = {
  repo_view: publicRepository,
  user_view: (body) => pickFields(body, profileFields),
  release_list: (body) => (Array.isArray(body) ? body.filter((release) => !isDraft(release)) : body),
  // A review that is not submitted is its author's alone, and the author may be the pool's identity.
  pr_reviews: (body) => (Array.isArray(body) ? body.filter((review) => !isPending(review)) : body),
  pr_review_view: (body) => {
    if (isPending(body)) throw fallbackLocal("local_credentials_required", "This review is not submitted.");
    return body;
  },
  release_latest: refuseDraft,
  release_view: refuseDraft,
  gist_view: (body) => {
    if (isObject(body) && body.public === true) return body;
    throw fallbackLocal("local_credentials_required", "This gist is not public.");
  },
};

/** Whether answers of a kind are cut field by field, or refused by their content. */
export function isCut(kind: RouteKind): boolean {
  return Object.hasOwn(reductions, kind);
}

interface Reduced {
  /** JSON source. */
  readonly body: string;
  readonly changed: boolean;
}

/**
 * @param text JSON source of a 2xx answer
 * @param parsed the same, parsed
 * @throws OctopoolError fallback_local for an answer that must not be shown at all
 */
export function reduceBody(kind: RouteKind, text: string, parsed: unknown): Reduced {
  const reduce = (body: unknown) => hideNested(reductions[kind]?.(body) ?? body);
  if (sameShape(parsed, reduce(parsed))) return { body: text, changed: false };
  return { body: JSON.stringify(reduce(losslessParse(text))), changed: true };
}

/** The answer itself is the repository that the guard has proven public; those inside it are not. */
function hideNested(body: unknown): unknown {
  if (!isObject(body)) return hideNonPublic(body);
  const fields = Object.entries(body).map(([field, value]) => [field, hideNonPublic(value)] as const);
  return fields.some(([field, value]) => value !== body[field]) ? Object.fromEntries(fields) : body;
}

/**
 * Reductions only leave out or null; so the same number of fields and the same values mean that nothing was removed.
 */
function sameShape(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  if (Array.isArray(before) && Array.isArray(after)) {
    return before.length === after.length && before.every((item, at) => item === after[at]);
  }
  if (!isObject(before) || !isObject(after)) return false;
  const fields = Object.keys(before);
  return fields.length === Object.keys(after).length && fields.every((field) => sameShape(before[field], after[field]));
}

function pickFields(body: unknown, fields: ReadonlySet<string>): unknown {
  if (!isObject(body)) return body;
  return Object.fromEntries(Object.entries(body).filter(([field]) => fields.has(field)));
}

function isPending(review: unknown): boolean {
  return isObject(review) && review.state === "PENDING";
}

function isDraft(release: unknown): boolean {
  return isObject(release) && release.draft === true;
}

function refuseDraft(body: unknown): unknown {
  if (isDraft(body)) throw fallbackLocal("route_denied", "This release is a draft.");
  return body;
}
