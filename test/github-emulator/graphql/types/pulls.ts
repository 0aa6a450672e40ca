import type { AutoMerge, ChangedFile, Pull } from "../../world/model.ts";
import { connection, type PageArguments } from "../connection.ts";
import { type GraphqlViewer, type Part, part } from "../context.ts";
import { enumName } from "../names.ts";
import type { FilePart, PullCommitPart, ReviewCommentPart, ReviewPart } from "../parts.ts";
import { closing } from "../references.ts";
import { refOf } from "../refs.ts";
import { latestReviews, reviewDecision, visibleReviews } from "../reviews.ts";
import { threadFields, threadUrl, written } from "./threads.ts";

type RequestPart = Part<"ReviewRequest", Pull["requested_reviewers"][number] | Pull["requested_teams"][number], Pull>;
type AutoMergePart = Part<"AutoMergeRequest", AutoMerge, Pull>;

const changeTypes: Record<ChangedFile["status"], string> = {
  added: "ADDED",
  modified: "MODIFIED",
  removed: "DELETED",
  renamed: "RENAMED",
  copied: "COPIED",
  changed: "CHANGED",
};

const mergeable = (pull: Pull): string => {
  if (pull.mergeable === null) return "UNKNOWN";
  return pull.mergeable ? "MERGEABLE" : "CONFLICTING";
};

const reviewUrl = (review: ReviewPart): string => `${threadUrl(review.in)}#pullrequestreview-${review.of.id}`;

export const pulls = {
  PullRequest: {
    ...threadFields,
    id: (pull: Pull) => pull.node_id,
    databaseId: (pull: Pull) => pull.id,
    fullDatabaseId: (pull: Pull) => String(pull.id),
    state: (pull: Pull) => (pull.merged ? "MERGED" : pull.state.toUpperCase()),
    isDraft: (pull: Pull) => pull.draft,
    mergedAt: (pull: Pull) => pull.merged_at,
    mergedBy: (pull: Pull) => pull.merged_by,
    mergeable,
    mergeStateStatus: (pull: Pull) => enumName(pull.mergeable_state),
    mergeCommit: (pull: Pull) => (pull.merged ? commitOf(pull, pull.merge_commit_sha) : null),
    potentialMergeCommit: (pull: Pull) => (pull.merged ? null : commitOf(pull, pull.merge_commit_sha)),
    baseRefName: (pull: Pull) => pull.base.ref,
    baseRefOid: (pull: Pull) => pull.base.sha,
    baseRef: (pull: Pull) => refOf(pull.repository, pull.base.ref),
    baseRepository: (pull: Pull) => pull.repository,
    headRefName: (pull: Pull) => pull.head.ref,
    headRefOid: (pull: Pull) => pull.head.sha,
    headRef: (pull: Pull) => pull.head.repository && refOf(pull.head.repository, pull.head.ref),
    headRepository: (pull: Pull) => pull.head.repository,
    headRepositoryOwner: (pull: Pull) => pull.head.owner,
    isCrossRepository: (pull: Pull) => pull.head.repository?.id !== pull.repository.id,
    maintainerCanModify: (pull: Pull) => pull.maintainer_can_modify,
    additions: (pull: Pull) => sum(pull.files, "additions"),
    deletions: (pull: Pull) => sum(pull.files, "deletions"),
    changedFiles: (pull: Pull) => pull.files.length,
    files: (pull: Pull, page: PageArguments) =>
      connection(
        pull.files.map((file) => part("PullRequestChangedFile", file, pull)),
        page,
        "files",
        (file) => file.of.path,
      ),
    commits: (pull: Pull, page: PageArguments) =>
      connection(
        pull.commits.map((commit) => part("PullRequestCommit", commit, pull)),
        page,
        "commits",
        (commit) => commit.of.sha,
      ),
    reviews: (
      pull: Pull,
      page: PageArguments & { states?: string[] | null; author?: string | null },
      viewer: GraphqlViewer,
    ) =>
      connection(
        visibleReviews(pull, viewer)
          .filter((review) => !page.states || page.states.includes(review.state))
          .filter((review) => !page.author || page.author === review.author?.login)
          .map((review) => part("PullRequestReview", review, pull)),
        page,
        "reviews",
      ),
    latestReviews: (pull: Pull, page: PageArguments, viewer: GraphqlViewer) =>
      connection(
        latestReviews(pull, viewer).map((review) => part("PullRequestReview", review, pull)),
        page,
        "latestReviews",
      ),
    reviewDecision,
    reviewRequests: (pull: Pull, page: PageArguments) =>
      connection(
        [...pull.requested_reviewers, ...pull.requested_teams].map((asked) => part("ReviewRequest", asked, pull)),
        page,
        "reviewRequests",
      ),
    autoMergeRequest: (pull: Pull) => pull.auto_merge && part("AutoMergeRequest", pull.auto_merge, pull),
    closingIssuesReferences: (pull: Pull, page: PageArguments) =>
      connection(closing(pull), page, "closingIssuesReferences"),
    isInMergeQueue: () => false,
    isMergeQueueEnabled: () => false,
    totalCommentsCount: (pull: Pull) =>
      pull.comments.length + pull.reviews.reduce((total, review) => total + review.comments.length, 0),
  },
  PullRequestChangedFile: {
    path: ({ of }: FilePart) => of.path,
    additions: ({ of }: FilePart) => of.additions,
    deletions: ({ of }: FilePart) => of.deletions,
    changeType: ({ of }: FilePart) => changeTypes[of.status],
  },
  PullRequestCommit: {
    commit: (commit: PullCommitPart) => part("Commit", commit.of, commit.in.repository),
    pullRequest: (commit: PullCommitPart) => commit.in,
    url: (commit: PullCommitPart) => `${threadUrl(commit.in)}/commits/${commit.of.sha}`,
  },
  PullRequestReview: {
    ...written,
    state: ({ of }: ReviewPart) => of.state,
    submittedAt: ({ of }: ReviewPart) => (of.state === "PENDING" ? null : of.submitted_at),
    createdAt: ({ of }: ReviewPart) => of.submitted_at,
    updatedAt: ({ of }: ReviewPart) => of.submitted_at,
    commit: (review: ReviewPart) => commitOf(review.in, review.of.commit_sha),
    pullRequest: (review: ReviewPart) => review.in,
    repository: (review: ReviewPart) => review.in.repository,
    url: reviewUrl,
    isMinimized: () => false,
    includesCreatedEdit: () => false,
    comments: (review: ReviewPart, page: PageArguments) =>
      connection(
        review.of.comments.map((comment) => part("PullRequestReviewComment", comment, review.in)),
        page,
        "comments",
      ),
  },
  PullRequestReviewComment: {
    ...written,
    path: ({ of }: ReviewCommentPart) => of.path,
    line: ({ of }: ReviewCommentPart) => of.line,
    outdated: ({ of }: ReviewCommentPart) => of.outdated,
    diffHunk: ({ of }: ReviewCommentPart) => of.diff_hunk,
    createdAt: ({ of }: ReviewCommentPart) => of.created_at,
    updatedAt: ({ of }: ReviewCommentPart) => of.updated_at,
    url: (comment: ReviewCommentPart) => `${threadUrl(comment.in)}#discussion_r${comment.of.id}`,
  },
  ReviewRequest: {
    id: (request: RequestPart) => `RR_${request.of.node_id}`,
    requestedReviewer: (request: RequestPart) => request.of,
    pullRequest: (request: RequestPart) => request.in,
    asCodeOwner: () => false,
  },
  AutoMergeRequest: {
    authorEmail: (_: AutoMergePart) => null,
    commitHeadline: ({ of }: AutoMergePart) => of.commit_title,
    commitBody: ({ of }: AutoMergePart) => of.commit_message,
    mergeMethod: ({ of }: AutoMergePart) => enumName(of.merge_method),
    enabledAt: ({ of }: AutoMergePart) => of.enabled_at,
    enabledBy: ({ of }: AutoMergePart) => of.enabled_by,
    pullRequest: (request: AutoMergePart) => request.in,
  },
};

function sum(files: readonly ChangedFile[], count: "additions" | "deletions"): number {
  return files.reduce((total, file) => total + file[count], 0);
}

/** A commit of the pull request; one that the world has no details of is told by its sha alone. */
function commitOf(pull: Pull, sha: string | null): object | null {
  if (sha === null) return null;
  const commit = pull.repository.commits.get(sha) ?? pull.commits.find((each) => each.sha === sha);
  return commit ? part("Commit", commit, pull.repository) : { __typename: "Commit", oid: sha };
}
