import type { Pull, Review } from "../world/model.ts";
import { type GraphqlViewer, sameAccount } from "./context.ts";

/** Reviews in the order they were handed in; a pending one exists for its author only. */
export function visibleReviews(pull: Pull, viewer: GraphqlViewer): Review[] {
  return pull.reviews.filter((review) => review.state !== "PENDING" || sameAccount(review.author, viewer.account));
}

/**
 * The newest handed-in review of each author who is not asked for another. An author with a pending one does not see
 * their earlier word (seen with gh, which prints the list).
 */
export function latestReviews(pull: Pull, viewer: GraphqlViewer): Review[] {
  const newest = new Map(visibleReviews(pull, viewer).map((review) => [review.author?.id ?? null, review]));
  return [...newest.values()].filter(
    (review) =>
      review.state !== "PENDING" && !pull.requested_reviewers.some((reviewer) => reviewer.id === review.author?.id),
  );
}

/** The review decision; `null` where no review is required and none approves or requests changes. */
export function reviewDecision(pull: Pull): string | null {
  if (pull.review_decision !== undefined) return pull.review_decision;
  const opinions = pull.reviews.filter((review) => review.state === "APPROVED" || review.state === "CHANGES_REQUESTED");
  const latest = [...new Map(opinions.map((review) => [review.author?.id, review])).values()];
  const required = pull.repository.branches.get(pull.base.ref)?.required_approvals ?? 0;
  if (required === 0) return null;
  if (latest.some((review) => review.state === "CHANGES_REQUESTED")) return "CHANGES_REQUESTED";
  const approvals = latest.filter((review) => review.state === "APPROVED").length;
  return approvals >= required ? "APPROVED" : "REVIEW_REQUIRED";
}
