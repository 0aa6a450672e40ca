/** Pull requests and their reviews. */
import { hour, minute } from "../durations.ts";
import type { RouteRow } from "../types.ts";

export const pullRoutes = {
  commit_pulls: {
    paths: ["/repos/:owner/:repo/commits/:sha/pulls"],
    class: "pool",
    objects: "pull",
    cache: { fresh: 5 * minute, stale: hour },
  },
  pr_view: {
    paths: ["/repos/:owner/:repo/pulls/:number"],
    class: "pool",
    objects: "pull",
    cache: { fresh: "pull", stale: hour },
    swr: true,
    diffMedia: true,
  },
  pr_list: {
    paths: ["/repos/:owner/:repo/pulls"],
    class: "pool",
    objects: "pull",
    cache: { fresh: minute, stale: 10 * minute },
  },
  pr_files: {
    paths: ["/repos/:owner/:repo/pulls/:number/files"],
    class: "pool",
    cache: { fresh: "pull_files", stale: hour },
    swr: true,
  },
  pr_commits: {
    paths: ["/repos/:owner/:repo/pulls/:number/commits"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  pr_review_comments: {
    paths: ["/repos/:owner/:repo/pulls/:number/comments"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  pr_review_comment_list: {
    paths: ["/repos/:owner/:repo/pulls/comments"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  pr_review_comment_view: {
    paths: ["/repos/:owner/:repo/pulls/comments/:id"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  pr_review_comment_reactions: {
    paths: ["/repos/:owner/:repo/pulls/comments/:id/reactions"],
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  pr_reviews: {
    paths: ["/repos/:owner/:repo/pulls/:number/reviews"],
    viewer: "one's own review that is not submitted",
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  pr_review_view: {
    paths: ["/repos/:owner/:repo/pulls/:number/reviews/:id"],
    viewer: "one's own review that is not submitted",
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  pr_review_comments_for_review: {
    paths: ["/repos/:owner/:repo/pulls/:number/reviews/:id/comments"],
    viewer: "comments of one's own review that is not submitted",
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
  pr_requested_reviewers: {
    paths: ["/repos/:owner/:repo/pulls/:number/requested_reviewers"],
    viewer: "secret teams",
    class: "pool",
    cache: { fresh: 5 * minute, stale: hour },
  },
} as const satisfies Record<string, RouteRow>;
