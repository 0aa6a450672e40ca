/** The fields of gh's own query beside those whose GraphQL value is the same for every caller. */
import { exportQueriedActor } from "../../github/actors.ts";
import { told } from "../../github/schemas.ts";
import { goTime } from "../../go/time.ts";
import type { PullField } from "../fields.ts";
import type { OwnPull } from "./own-schema.ts";
import { exportQueriedReactions } from "./reviews.ts";
import { hundred, type PullRow, reaction, review, rowOf, wholeOf } from "./rows.ts";

const association = "authorAssociation";

const rows: Partial<Record<PullField, PullRow<OwnPull>>> = {
  autoMergeRequest: {
    ask: `autoMergeRequest { authorEmail commitBody commitHeadline mergeMethod enabledAt
      enabledBy { login ... on User { id name } } }`,
    show: ({ autoMergeRequest: request }) =>
      request
        ? { ...request, enabledAt: goTime(request.enabledAt), enabledBy: exportQueriedActor(request.enabledBy) }
        : null,
  },
  comments: {
    ask: hundred(
      "comments",
      `id author { login } ${association} body createdAt includesCreatedEdit isMinimized minimizedReason
        reactionGroups { content users { totalCount } } url viewerDidAuthor`,
    ),
    show: ({ comments }, context) =>
      wholeOf(told(comments, "the comments"), context).map(
        ({ author, minimizedReason, reactionGroups, ...comment }) => ({
          id: comment.id,
          author: { login: author?.login ?? "" },
          authorAssociation: comment.authorAssociation,
          body: comment.body,
          createdAt: comment.createdAt,
          includesCreatedEdit: comment.includesCreatedEdit,
          isMinimized: comment.isMinimized,
          minimizedReason: minimizedReason ?? "",
          reactionGroups: exportQueriedReactions(reactionGroups),
          url: comment.url,
          viewerDidAuthor: comment.viewerDidAuthor,
        }),
      ),
  },
  headRepository: {
    ask: "headRepository { id name nameWithOwner }",
    show: ({ headRepository: head }, { gh }) =>
      head
        ? {
            id: head.id,
            name: head.name,
            ...(gh.has("headRepositoryOwner") && { nameWithOwner: told(head.nameWithOwner, "the head's whole name") }),
          }
        : null,
  },
  maintainerCanModify: {
    ask: "maintainerCanModify",
    show: (pull) => told(pull.maintainerCanModify, "whether maintainers can change it"),
  },
  mergeStateStatus: { ask: "mergeStateStatus", show: (pull) => told(pull.mergeStateStatus, "the state of the merge") },
  potentialMergeCommit: {
    ask: "potentialMergeCommit { oid }",
    show: ({ potentialMergeCommit }) => potentialMergeCommit ?? null,
  },
  reviewRequests: {
    ask: hundred(
      "reviewRequests",
      `requestedReviewer { __typename ... on User { login } ... on Team { organization { login } name slug } }`,
    ),
    show: ({ reviewRequests }, context) =>
      wholeOf(reviewRequests ?? null, context).map(({ requestedReviewer: asked }) =>
        asked.__typename === "User"
          ? { __typename: "User", login: asked.login }
          : { __typename: "Team", name: asked.name, slug: `${asked.organization.login}/${asked.slug}` },
      ),
  },
};

/** The caller's own part of reviews: unsent ones, and author associations. */
const asks: Partial<Record<PullField, string>> = {
  latestReviews: `latestReviews(first: 100) { nodes { ${review} ${association} } }`,
  reviews: hundred("reviews", `${review} ${association} commit { oid } ${reaction}`),
};

/** The row of a field in gh's own query; undefined where it is not known. */
export function ownRowOf(field: PullField): PullRow<OwnPull> | undefined {
  const shared = rowOf(field);
  const ask = asks[field];
  return rows[field] ?? (shared && ask !== undefined ? { ...shared, ask } : shared);
}
