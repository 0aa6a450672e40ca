/** Comments and reviews as `--comments` prints them where stdout is no terminal (pkg/cmd/pr/shared/comments.go). */

import { type RepositoryName, repositoryPath } from "../checkout/repository.ts";
import type { Context } from "../context.ts";
import type { Planned } from "../cost/prices.ts";
import { goSort } from "../go/sort.ts";
import { everyPage } from "../reads/paging.ts";
import { loginOf } from "./actors.ts";
import { commentSchema, type RestComment, type RestReview, reviewSchema, told } from "./schemas.ts";
import { exportReactions } from "./states.ts";

/** One entry of the conversation. */
interface RawComment {
  readonly author: string;
  readonly association: string;
  readonly body: string;
  readonly createdAt: string;
  /** A review's state; empty for a comment. */
  readonly status: string;
}

/**
 * The visible comments of an issue or pull request. Native where REST does not show whether a comment that changed
 * later was edited, or, in older answers, whether it is hidden.
 */
export async function readComments(context: Context, repository: RepositoryName, number: number) {
  const comments = await context.reads.list(repositoryPath(repository, "issues", number, "comments"), commentSchema, {
    identity: (comment) => comment.id,
  });
  return comments.filter((comment) => isVisible(comment, context)).map((comment) => toRaw(comment, context));
}

function isVisible(comment: RestComment, context: Context): boolean {
  if (comment.minimized === undefined) context.native("whether a comment is hidden is not known");
  return comment.minimized === null;
}

function toRaw(comment: RestComment, context: Context): RawComment {
  if (comment.updated_at !== comment.created_at) context.native("whether a comment was edited is not known");
  return {
    author: loginOf(comment.user),
    association: comment.author_association,
    body: comment.body ?? "",
    createdAt: comment.created_at,
    status: "",
  };
}

/** The most comments that are read for `--json`. */
export const commentsOfListed = 100;

const why = "comments depend on the caller";

/** The reads of {@link exportComments}. */
export function readsOfComments(repository: RepositoryName, number: number): readonly Planned[] {
  return [
    [repositoryPath(repository, "issues", number, "comments"), { query: everyPage, viewer: why }],
    ["/user", { viewer: why }],
  ];
}

/**
 * The comments of a thread as `--json` prints them, read with the caller's own token: its author association depends on
 * the caller. Native where {@link readComments} is, and for hidden ones, whose reason has another name in REST.
 */
export async function exportComments(context: Context, repository: RepositoryName, number: number): Promise<object[]> {
  const path = repositoryPath(repository, "issues", number, "comments");
  const [viewer, comments] = await Promise.all([
    context.reads.viewerLogin(),
    context.reads.list(path, commentSchema, { identity: ({ id }) => id, viewer: why }),
  ]);
  return comments.map((comment) => {
    if (!isVisible(comment, context)) context.native("why a comment is hidden is not known");
    const { author, association, body, createdAt } = toRaw(comment, context);
    return {
      id: told(comment.node_id, "the id of a comment"),
      author: { login: author },
      authorAssociation: association,
      body,
      createdAt,
      includesCreatedEdit: false,
      isMinimized: false,
      minimizedReason: "",
      reactionGroups: exportReactions(told(comment.reactions, "reactions")),
      url: told(comment.html_url, "the address of a comment"),
      viewerDidAuthor: comment.user?.login === viewer,
    };
  });
}

/** All reviews that are not the reader's own drafts. */
export async function readReviews(context: Context, repository: RepositoryName, number: number) {
  const reviews = await context.reads.list(repositoryPath(repository, "pulls", number, "reviews"), reviewSchema, {
    identity: (review) => review.id,
  });
  return reviews.filter((review) => review.state !== "PENDING");
}

/** Reviews that the conversation shows: a comment review without a text of its own is only its line comments. */
export function displayableReviews(reviews: readonly RestReview[]): readonly RawComment[] {
  return reviews
    .filter((review) => !(review.state === "COMMENTED" && !review.body))
    .map((review) => ({
      author: loginOf(review.user),
      association: review.author_association,
      body: review.body ?? "",
      createdAt: review.submitted_at ?? "",
      status: review.state,
    }));
}

const shownStatuses = new Set(["APPROVED", "CHANGES_REQUESTED", "COMMENTED", "DISMISSED"]);

/** The conversation, oldest first, with Go's unstable sort for entries of the same second. */
export function renderRawComments(entries: readonly RawComment[]): string {
  return goSort(entries, (a, b) => Date.parse(a.createdAt) < Date.parse(b.createdAt))
    .map(({ author, association, body, status }) => {
      const shown = shownStatuses.has(status) ? status.toLowerCase().replaceAll("_", " ") : "none";
      const head = `author:\t${author}\nassociation:\t${association.toLowerCase()}\nedited:\tfalse\nstatus:\t${shown}\n`;
      return `${head}--\n${body}\n--\n`;
    })
    .join("");
}
