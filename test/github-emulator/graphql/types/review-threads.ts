/** Review threads: a comment on a line, the answers to it, and whether it is resolved. Drafts show to their author. */
import type { Pull, ReviewComment } from "../../world/model.ts";
import { connection, type PageArguments } from "../connection.ts";
import { type GraphqlViewer, type Part, part } from "../context.ts";
import type { ReviewCommentPart } from "../parts.ts";
import { visibleReviews } from "../reviews.ts";

type ThreadPart = Part<"PullRequestReviewThread", readonly ReviewComment[], Pull>;

function threadsOf(pull: Pull, viewer: GraphqlViewer): ThreadPart[] {
  const comments = visibleReviews(pull, viewer).flatMap((review) => review.comments);
  const begun = comments.filter(({ in_reply_to }) => in_reply_to === null);
  return begun.map((first) =>
    part("PullRequestReviewThread", [first, ...comments.filter((each) => each.in_reply_to === first.id)], pull),
  );
}

const first = ({ of }: ThreadPart): ReviewComment | undefined => of[0];
const comments = (pull: Pull, of: readonly ReviewComment[]): ReviewCommentPart[] =>
  of.map((comment) => part("PullRequestReviewComment", comment, pull));
const reviewOf = ({ of, in: pull }: ReviewCommentPart) => pull.reviews.find(({ id }) => id === of.review_id);
const isSent = (comment: ReviewCommentPart) => reviewOf(comment)?.state !== "PENDING";

export const reviewThreads = {
  PullRequest: {
    reviewThreads: (pull: Pull, page: PageArguments, viewer: GraphqlViewer) =>
      connection(threadsOf(pull, viewer), page, "reviewThreads", ({ of }) => String(of[0]?.id ?? "")),
  },
  PullRequestReviewThread: {
    id: (thread: ThreadPart) => `PRRT_${first(thread)?.node_id ?? ""}`,
    path: (thread: ThreadPart) => first(thread)?.path,
    line: (thread: ThreadPart) => first(thread)?.line,
    originalLine: (thread: ThreadPart) => first(thread)?.line,
    startLine: (thread: ThreadPart) => first(thread)?.start_line,
    originalStartLine: (thread: ThreadPart) => first(thread)?.start_line,
    diffSide: (thread: ThreadPart) => first(thread)?.side,
    startDiffSide: (thread: ThreadPart) => (first(thread)?.start_line == null ? null : first(thread)?.side),
    subjectType: (thread: ThreadPart) => first(thread)?.subject_type.toUpperCase(),
    isOutdated: (thread: ThreadPart) => first(thread)?.outdated ?? false,
    isCollapsed: (thread: ThreadPart) => first(thread)?.resolved_by != null,
    isResolved: (thread: ThreadPart) => first(thread)?.resolved_by != null,
    resolvedBy: (thread: ThreadPart) => first(thread)?.resolved_by,
    viewerCanReply: (_: ThreadPart, __: unknown, viewer: GraphqlViewer) => viewer.account !== null,
    comments: (thread: ThreadPart, page: PageArguments) =>
      connection(comments(thread.in, thread.of), page, "comments", ({ of }) => String(of.id)),
  },
  PullRequestReviewComment: {
    draftedAt: ({ of }: ReviewCommentPart) => of.created_at,
    publishedAt: (comment: ReviewCommentPart) => (isSent(comment) ? comment.of.created_at : null),
    state: (comment: ReviewCommentPart) => (isSent(comment) ? "SUBMITTED" : "PENDING"),
    originalLine: ({ of }: ReviewCommentPart) => of.line,
    originalStartLine: ({ of }: ReviewCommentPart) => of.start_line,
    startLine: ({ of }: ReviewCommentPart) => of.start_line,
    subjectType: ({ of }: ReviewCommentPart) => of.subject_type.toUpperCase(),
    isMinimized: () => false,
    includesCreatedEdit: () => false,
    createdViaEmail: () => false,
    position: ({ of }: ReviewCommentPart) => (of.outdated ? null : 1),
    originalPosition: () => 1,
    replyTo: (comment: ReviewCommentPart) => {
      const { of, in: pull } = comment;
      const all = pull.reviews.flatMap((review) => review.comments);
      const found = all.find(({ id }) => id === of.in_reply_to);
      return found ? part("PullRequestReviewComment", found, pull) : null;
    },
    pullRequestReview: (comment: ReviewCommentPart) => {
      const review = reviewOf(comment);
      return review ? part("PullRequestReview", review, comment.in) : null;
    },
  },
};
