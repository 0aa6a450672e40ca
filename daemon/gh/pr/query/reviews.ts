/**
 * Reviews as gh prints them. Author associations depend on the caller: REST gives them to the caller's own token, in
 * the same list that shows whether the caller has an unsent review.
 */
import { told } from "../../github/schemas.ts";
import type { QueriedReactions, QueriedReview } from "./schema.ts";

type Associations = ReadonlyMap<string, string>;

export function exportReview(review: QueriedReview, associations: Associations): object {
  return exported(review, associations, {
    id: review.id,
    oid: review.commit?.oid ?? "",
    reactionGroups: exportQueriedReactions(review.reactionGroups ?? null),
  });
}

/** gh asks for less of these. */
export function exportLatestReview(review: QueriedReview, associations: Associations): object {
  return exported(review, associations, { id: "", oid: "", reactionGroups: [] });
}

function exported(
  { id, author, body, submittedAt, state }: QueriedReview,
  associations: Associations,
  asked: { readonly id: string; readonly oid: string; readonly reactionGroups: readonly object[] },
): object {
  return {
    id: asked.id,
    author: { login: author?.login ?? "" },
    authorAssociation: told(associations.get(id), "the association of a review's author"),
    body,
    submittedAt,
    includesCreatedEdit: false,
    reactionGroups: asked.reactionGroups,
    state,
    commit: { oid: asked.oid },
  };
}

/** gh leaves the empty ones out. */
export function exportQueriedReactions(groups: QueriedReactions): readonly object[] {
  return (groups ?? [])
    .filter(({ users }) => users.totalCount > 0)
    .map(({ content, users }) => ({ content, users: { totalCount: users.totalCount } }));
}
